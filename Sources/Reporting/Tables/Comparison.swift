internal import Atmospheres
internal import Exploration
internal import Foundation
public import Results

/// In what two results files differ, point by point. Points are the same when their explored gases have the same mixing
/// ratios, so that files of different lattices can be compared where they meet.
public struct Comparison: Sendable, Equatable {
    public struct Place: Sendable, Equatable {
        /// Mixing ratios of the explored gases, "CO2 0.0004, CH4 1.63e-06".
        public var composition: String
        public var rowInA: Int
        public var rowInB: Int
    }

    /// A change of outcome: "stable -> unstable".
    public struct Change: Sendable, Equatable {
        public var from: String
        public var to: String
        public var count: Int
        public var first: Place
    }

    /// How a quantity differs where both files have the point.
    public struct Deviation: Sendable, Equatable {
        public var name: String
        public var unit: String
        /// Points compared: those where at least one file has a value.
        public var compared: Int
        /// Points that differ by more than the tolerance, or have a value in one file only.
        public var differing: Int
        /// Points with a value in one file only.
        public var onesided: Int
        /// Greatest, mean and root mean square of |A - B| where both have a value; 0 where none has.
        public var greatest: Double
        public var mean: Double
        public var rootMeanSquare: Double
        public var worst: Place?
    }

    public var pointsInA: Int
    public var pointsInB: Int
    public var common: Int
    public var onlyInA: [Place]
    public var onlyInB: [Place]
    public var changes: [Change]
    public var deviations: [Deviation]
    /// Quantities that one file has and the other has not.
    public var missing: [String]

    /// Whether the files have the same points with the same outcomes and, within the tolerances, the same values.
    public var isEqual: Bool {
        onlyInA.isEmpty && onlyInB.isEmpty && changes.isEmpty && missing.isEmpty
            && deviations.allSatisfy { $0.differing == 0 }
    }

    /// - Parameters:
    ///   - tolerances: by variable: how far values may be apart and count as equal; 0 where none is given.
    /// - Throws: ``ComparisonError`` when the files explore different gases or a tolerance names no variable.
    public init(
        _ a: borrowing ResultsReader, _ b: borrowing ResultsReader, tolerances: [String: Double] = [:]
    ) throws {
        let (inA, inB) = (try Points(a), try Points(b))
        guard inA.gases == inB.gases else {
            throw ComparisonError(
                "\(a.path) explores \(inA.gases.joined(separator: ", ")), \(b.path) \(inB.gases.joined(separator: ", ")); "
                    + "files of the same gases can be compared")
        }
        pointsInA = inA.rows.count
        pointsInB = inB.rows.count
        var pairs: [(a: Int, b: Int)] = []
        var isMet = [Bool](repeating: false, count: inB.rows.count)
        var byPlace: [Points.Place: Int] = [:]
        byPlace.reserveCapacity(inB.rows.count)
        for i in inB.rows.indices { byPlace[inB.place(i)] = i }
        onlyInA = []
        for i in inA.rows.indices {
            if let j = byPlace[inA.place(i)] {
                pairs.append((i, j))
                isMet[j] = true
            } else {
                onlyInA.append(.init(composition: inA.words(i), rowInA: inA.rows[i], rowInB: -1))
            }
        }
        onlyInB = isMet.indices.filter { !isMet[$0] }
            .map { .init(composition: inB.words($0), rowInA: -1, rowInB: inB.rows[$0]) }
        common = pairs.count
        let matched = pairs
        func place(_ i: Int) -> Place {
            let (a, b) = matched[i]
            return .init(composition: inA.words(a), rowInA: inA.rows[a], rowInB: inB.rows[b])
        }
        changes = try Self.changes(a, b, matched, place)

        let (variablesOfA, variablesOfB) = (try a.variables(), try b.variables())
        let namesOfA = variablesOfA.filter { !$0.isCode }.map(\.name)
        let namesOfB = variablesOfB.filter { !$0.isCode }.map(\.name)
        missing = namesOfA.filter { !namesOfB.contains($0) } + namesOfB.filter { !namesOfA.contains($0) }
        for name in tolerances.keys.sorted() where !namesOfA.contains(name) {
            throw ComparisonError(
                "--tolerance \(name): no such variable; there are \(namesOfA.joined(separator: ", "))")
        }
        deviations = []
        for variable in variablesOfA where !variable.isCode {
            guard let other = variablesOfB.first(where: { $0.name == variable.name }) else { continue }
            guard variable.length == other.length, variable.unit == other.unit else {
                missing.append("\(variable.name) (in another shape or unit)")
                continue
            }
            deviations.append(
                Self.deviation(
                    variable, try a.values(of: variable.name), try b.values(of: variable.name), matched,
                    tolerances[variable.name] ?? 0, place))
        }
    }

    private static func changes(
        _ a: borrowing ResultsReader, _ b: borrowing ResultsReader, _ pairs: [(a: Int, b: Int)],
        _ place: (Int) -> Place
    ) throws -> [Change] {
        func words(_ reader: borrowing ResultsReader) throws -> (Int) -> String {
            let (outcomes, reasons, names) = (reader.outcomes, try reader.reasons(), try reader.reasonNames())
            return { row in
                let reason = names[reasons[row]] ?? "code_\(reasons[row])"
                return reason == Reason.none.name ? outcomes[row].name : "\(outcomes[row].name) (\(reason))"
            }
        }
        let (inA, inB) = (try words(a), try words(b))
        var changes: [String: Change] = [:]
        for (i, pair) in pairs.enumerated() {
            let (from, to) = (inA(pair.a), inB(pair.b))
            guard from != to else { continue }
            changes[from + ">" + to, default: Change(from: from, to: to, count: 0, first: place(i))].count += 1
        }
        return changes.values.sorted { ($1.count, $0.from, $0.to) < ($0.count, $1.from, $1.to) }
    }

    /// - Parameter values: shape (rows, length), row-major.
    private static func deviation(
        _ variable: Variable, _ a: [Double], _ b: [Double], _ pairs: [(a: Int, b: Int)], _ tolerance: Double,
        _ place: (Int) -> Place
    ) -> Deviation {
        var result = Deviation(
            name: variable.name, unit: variable.unit, compared: 0, differing: 0, onesided: 0, greatest: 0, mean: 0,
            rootMeanSquare: 0)
        var (sum, squares, count) = (0.0, 0.0, 0)
        for (i, pair) in pairs.enumerated() {
            var (isCompared, isDifferent, isOnesided) = (false, false, false)
            for element in 0..<variable.length {
                let (x, y) = (a[pair.a * variable.length + element], b[pair.b * variable.length + element])
                if x.isNaN && y.isNaN { continue }
                isCompared = true
                guard !x.isNaN, !y.isNaN else {
                    (isDifferent, isOnesided) = (true, true)
                    continue
                }
                let difference = x == y ? 0 : abs(x - y)
                sum += difference
                squares += difference * difference
                count += 1
                if difference > tolerance { isDifferent = true }
                if difference > result.greatest {
                    result.greatest = difference
                    result.worst = place(i)
                }
            }
            result.compared += isCompared ? 1 : 0
            result.differing += isDifferent ? 1 : 0
            result.onesided += isOnesided ? 1 : 0
        }
        if count > 0 {
            result.mean = sum / Double(count)
            result.rootMeanSquare = (squares / Double(count)).squareRoot()
        }
        return result
    }
}

/// Why two files cannot be compared, in words for the person who asked.
public struct ComparisonError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// The points of a file by their mixing ratios.
private struct Points {
    /// Mixing ratios of the explored gases in alphabetical order, to 12 digits: the same value reached by another
    /// rule's arithmetic is the same place.
    struct Place: Hashable {
        let digits: [UInt64]
    }

    let rows: [Int]
    /// Alphabetical.
    let gases: [String]
    private let axes: [(order: Int, values: [Double], digits: [UInt64])]
    private let indices: [Int32]

    init(_ reader: borrowing ResultsReader) throws {
        let lattice = try reader.lattice()
        rows = reader.rows
        indices = try reader.gridIndices()
        // Throws where an index is off its axis.
        _ = try reader.points(on: lattice)
        let order = lattice.axes.indices.sorted { lattice.axes[$0].gas.formula < lattice.axes[$1].gas.formula }
        gases = order.map { lattice.axes[$0].gas.formula }
        axes = order.map { axis in
            let values = lattice.axes[axis].values
            return (axis, values, values.map { Self.rounded($0).bitPattern })
        }
    }

    func place(_ i: Int) -> Place {
        Place(digits: axes.map { $0.digits[Int(indices[i * axes.count + $0.order])] })
    }

    func words(_ i: Int) -> String {
        zip(gases, axes).map { "\($0) \($1.values[Int(indices[i * axes.count + $1.order])].brief)" }
            .joined(separator: ", ")
    }

    private static func rounded(_ value: Double) -> Double {
        guard value != 0 else { return 0 }
        return Double(String(format: "%.11e", value)) ?? value
    }
}
