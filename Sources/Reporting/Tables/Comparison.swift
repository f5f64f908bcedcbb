internal import Atmospheres
internal import Exploration
public import Results

/// The differences between two results files, point by point.
///
/// Two points are the same when their explored gases have the same mixing ratios, so files with different lattices can
/// be compared where the lattices coincide.
public struct Comparison: Sendable, Equatable {
    /// A point of one file or of both.
    public struct PointReference: Sendable, Equatable {
        /// The mixing ratios of the explored gases: "CO2 0.0004, CH4 1.63e-06".
        public var composition: String
        /// Its row in file A; -1 when A does not have it.
        public var rowInA: Int
        /// Its row in file B; -1 when B does not have it.
        public var rowInB: Int
    }

    /// A change of outcome from file A to file B.
    public struct Change: Sendable, Equatable {
        /// The outcome in A, with its reason: "unstable (moist_greenhouse)".
        public var from: String
        /// The outcome in B, with its reason.
        public var to: String
        /// The number of points that changed this way.
        public var count: Int
        /// The first of them in the order of A.
        public var first: PointReference
    }

    /// The differences of a quantity over the points that both files have.
    public struct Deviation: Sendable, Equatable {
        /// The name of the quantity.
        public var name: String
        /// The unit of the quantity.
        public var unit: String
        /// The number of points where at least one file has a value.
        public var compared: Int
        /// The number of points that differ by more than the tolerance, or have a value in one file only.
        public var differing: Int
        /// The number of points with a value in one file only.
        public var onesided: Int
        /// The largest |A - B| where both have a value; 0 where none has.
        public var greatest: Double
        /// The mean of |A - B|; 0 where no point has both values.
        public var mean: Double
        /// The root mean square of A - B; 0 where no point has both values.
        public var rootMeanSquare: Double
        /// The point with the largest difference; `nil` when there is no difference.
        public var worst: PointReference?
    }

    /// The number of points in file A.
    public var pointsInA: Int
    /// The number of points in file B.
    public var pointsInB: Int
    /// The number of points that both files have.
    public var common: Int
    /// The points that only file A has.
    public var onlyInA: [PointReference]
    /// The points that only file B has.
    public var onlyInB: [PointReference]
    /// The changes of outcome, the most frequent first.
    public var changes: [Change]
    /// One entry for each quantity that both files have.
    public var deviations: [Deviation]
    /// The quantities that only one file has, or that have another shape or unit in the other.
    public var missing: [String]

    /// Whether the files have the same points with the same outcomes and, within the tolerances, the same values.
    public var isEqual: Bool {
        onlyInA.isEmpty && onlyInB.isEmpty && changes.isEmpty && missing.isEmpty
            && deviations.allSatisfy { $0.differing == 0 }
    }

    /// Compares two results files.
    ///
    /// - Parameters:
    ///   - a: file A.
    ///   - b: file B.
    ///   - tolerances: for each variable, the largest difference that counts as equal, in the unit of the file; 0 for
    ///     variables that are not named.
    /// - Throws: ``ComparisonError`` when the files explore different gases or a tolerance names an unknown variable,
    ///   else an error of reading a file.
    public init(
        _ a: borrowing ResultsReader, _ b: borrowing ResultsReader, tolerances: [String: Double] = [:]
    ) throws {
        let (inA, inB) = (try ComparedPoints(a), try ComparedPoints(b))
        guard inA.gases == inB.gases else {
            throw ComparisonError(
                "\(a.path) explores \(inA.gases.joined(separator: ", ")), \(b.path) "
                    + "\(inB.gases.joined(separator: ", ")); only files that explore the same gases can be compared")
        }
        let matches = Matches(inA, inB)
        pointsInA = inA.rows.count
        pointsInB = inB.rows.count
        common = matches.pairs.count
        onlyInA = matches.onlyInA
        onlyInB = matches.onlyInB
        changes = try Self.changes(a, b, matches)
        (deviations, missing) = try Self.deviations(a, b, matches, tolerances)
    }

    /// Compares the values of every quantity that both files have.
    ///
    /// - Returns: the deviations, and the quantities that cannot be compared.
    private static func deviations(
        _ a: borrowing ResultsReader, _ b: borrowing ResultsReader, _ matches: Matches, _ tolerances: [String: Double]
    ) throws -> ([Deviation], missing: [String]) {
        let (variablesOfA, variablesOfB) = (try a.variables(), try b.variables())
        let namesOfA = variablesOfA.filter { !$0.isCode }.map(\.name)
        let namesOfB = variablesOfB.filter { !$0.isCode }.map(\.name)
        for name in tolerances.keys.sorted() where !namesOfA.contains(name) {
            throw ComparisonError(
                "--tolerance \(name): no such variable; the variables are \(namesOfA.joined(separator: ", "))")
        }
        var missing = namesOfA.filter { !namesOfB.contains($0) } + namesOfB.filter { !namesOfA.contains($0) }
        var deviations: [Deviation] = []
        for variable in variablesOfA where !variable.isCode {
            guard let other = variablesOfB.first(where: { $0.name == variable.name }) else { continue }
            guard variable.length == other.length, variable.unit == other.unit else {
                missing.append("\(variable.name) (with the same shape and unit)")
                continue
            }
            deviations.append(
                deviation(
                    variable, try a.values(of: variable.name), try b.values(of: variable.name), matches,
                    tolerances[variable.name] ?? 0))
        }
        return (deviations, missing)
    }

    private static func changes(
        _ a: borrowing ResultsReader, _ b: borrowing ResultsReader, _ matches: Matches
    ) throws -> [Change] {
        func describe(_ reader: borrowing ResultsReader) throws -> (Int) -> String {
            let (outcomes, reasons, names) = (reader.outcomes, try reader.reasons(), try reader.reasonNames())
            return { row in
                let reason = names[reasons[row]] ?? "code_\(reasons[row])"
                return reason == Reason.none.name ? outcomes[row].name : "\(outcomes[row].name) (\(reason))"
            }
        }
        let (inA, inB) = (try describe(a), try describe(b))
        var changes: [String: Change] = [:]
        for (i, pair) in matches.pairs.enumerated() {
            let (from, to) = (inA(pair.a), inB(pair.b))
            guard from != to else { continue }
            changes[from + ">" + to, default: Change(from: from, to: to, count: 0, first: matches.reference(i))]
                .count += 1
        }
        return changes.values.sorted { ($1.count, $0.from, $0.to) < ($0.count, $1.from, $1.to) }
    }

    /// Compares the values of one variable.
    ///
    /// - Parameters:
    ///   - variable: the variable.
    ///   - a: its values in file A, shape (rows, length), row-major.
    ///   - b: its values in file B, the same shape.
    ///   - matches: the rows to compare.
    ///   - tolerance: the largest difference that counts as equal.
    /// - Returns: the differences.
    private static func deviation(
        _ variable: Variable, _ a: [Double], _ b: [Double], _ matches: Matches, _ tolerance: Double
    ) -> Deviation {
        var result = Deviation(
            name: variable.name, unit: variable.unit, compared: 0, differing: 0, onesided: 0, greatest: 0, mean: 0,
            rootMeanSquare: 0)
        var (sum, squares, count) = (0.0, 0.0, 0)
        for (i, pair) in matches.pairs.enumerated() {
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
                    result.worst = matches.reference(i)
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

/// Why two files cannot be compared, worded for the user.
public struct ComparisonError: Error, Equatable, CustomStringConvertible {
    /// The message.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// The points of one file, identified by their mixing ratios.
private struct ComparedPoints {
    /// The mixing ratios of the explored gases in alphabetical order, as the bit patterns of the values rounded to 12
    /// digits: values that two axis rules compute differently are equal.
    struct CompositionKey: Hashable {
        let digits: [UInt64]
    }

    let rows: [Int]
    /// The explored gases, in alphabetical order.
    let gases: [String]
    /// The axes in the same order, each with its number on the lattice.
    private let axes: [(number: Int, values: [Double], digits: [UInt64])]
    /// Shape (rows, axes), row-major.
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
            return (axis, values, values.map { $0.roundedTo12Digits.bitPattern })
        }
    }

    func key(_ i: Int) -> CompositionKey {
        CompositionKey(digits: axes.map { $0.digits[Int(indices[i * axes.count + $0.number])] })
    }

    func composition(_ i: Int) -> String {
        zip(gases, axes).map { "\($0) \($1.values[Int(indices[i * axes.count + $1.number])].brief)" }
            .joined(separator: ", ")
    }
}

/// The points of two files, matched.
private struct Matches {
    /// The points that both files have, in the order of file A.
    let pairs: [(a: Int, b: Int)]
    let onlyInA: [Comparison.PointReference]
    let onlyInB: [Comparison.PointReference]
    private let a: ComparedPoints
    private let b: ComparedPoints

    init(_ a: ComparedPoints, _ b: ComparedPoints) {
        var byKey: [ComparedPoints.CompositionKey: Int] = [:]
        byKey.reserveCapacity(b.rows.count)
        for j in b.rows.indices { byKey[b.key(j)] = j }
        var pairs: [(a: Int, b: Int)] = []
        var onlyInA: [Comparison.PointReference] = []
        var isMatched = [Bool](repeating: false, count: b.rows.count)
        for i in a.rows.indices {
            if let j = byKey[a.key(i)] {
                pairs.append((i, j))
                isMatched[j] = true
            } else {
                onlyInA.append(.init(composition: a.composition(i), rowInA: a.rows[i], rowInB: -1))
            }
        }
        self.pairs = pairs
        self.onlyInA = onlyInA
        onlyInB = isMatched.indices.filter { !isMatched[$0] }
            .map { .init(composition: b.composition($0), rowInA: -1, rowInB: b.rows[$0]) }
        self.a = a
        self.b = b
    }

    /// Names the point of a pair.
    func reference(_ pair: Int) -> Comparison.PointReference {
        let (i, j) = pairs[pair]
        return .init(composition: a.composition(i), rowInA: a.rows[i], rowInB: b.rows[j])
    }
}
