public import Atmospheres
internal import Exploration
public import Results

/// The explored points of a results file on two axes: one cell for each pair of axis values.
///
/// Points that differ only on other axes share a cell, unless a slice picks one value on those axes. A shared cell gets
/// one outcome by the rule of ``MapRequest/Projection``; see ``merge(_:_:_:)``.
public struct StabilityMap: Sendable {
    /// One of the two axes, restricted to what was explored.
    public struct MapAxis: Sendable, Equatable {
        /// The formula of the gas: "CO2".
        public var gas: String
        /// The long name of the gas's variable in the file.
        public var longName: String
        /// The unit of the values.
        public var unit: String
        /// The values, ascending.
        public var values: [Double]
        /// The index of the origin in `values`; `nil` when it is outside.
        public var origin: Int?
    }

    /// The variable that colours the stable cells.
    public struct Shade: Sendable, Equatable {
        /// The name of the variable.
        public var name: String
        /// Its long name, with "mean over stable points" on a projection.
        public var longName: String
        /// Its unit.
        public var unit: String
        /// The range of the stable cells' values; `nil` when none has a value.
        public var range: ClosedRange<Double>?
    }

    /// The title of the experiment.
    public let title: String
    /// The horizontal axis.
    public let x: MapAxis
    /// The vertical axis.
    public let y: MapAxis
    /// The outcome of each cell, shape (y, x), row-major; `pending` where nothing was explored.
    public let outcomes: [Outcome]
    /// For each cell without an evaluated point, whether it is inferred to be stable; `nil` where nothing is known.
    /// Empty without an inferred map.
    public let inferred: [Bool?]
    /// The value of each cell, shape (y, x): the mean over its stable points, NaN where there is none. Empty without
    /// ``shade``.
    public let values: [Double]
    /// The variable in ``values``; `nil` when cells are coloured by outcome.
    public let shade: Shade?
    /// The number of points that the map shows.
    public let pointCount: Int
    /// What was done with the other axes, one phrase each: "H2 = 8.13e-08", "stable if any explored point along O2 is".
    public let selection: [String]
    /// What the user should know, such as a slice that is not at the requested value.
    public let notes: [String]
    /// Whether the origin is in the part of the lattice that is shown.
    public let showsOrigin: Bool
    /// Whether points share cells.
    public let isProjection: Bool
    /// The state of the file in one or two words.
    public let state: String

    /// The largest number of cells.
    private static let cellLimit = 1 << 27

    /// Draws the map that a request asks for into memory.
    ///
    /// - Parameters:
    ///   - reader: the file.
    ///   - request: what to show.
    /// - Throws: ``MapError`` when the request does not fit the file, else an error of reading it.
    public init(of reader: borrowing ResultsReader, _ request: MapRequest) throws {
        let lattice = try reader.lattice()
        let plan = try MapPlan(request, lattice, try reader.variables())
        let points = try MappedPoints(reader, plan, lattice)
        let kinds = try Self.inferredKinds(reader)
        // An inferred map covers the whole lattice.
        let (columns, rows) =
            kinds == nil
            ? (points.explored(plan.x), points.explored(plan.y))
            : (0..<lattice.axes[plan.x].count, 0..<lattice.axes[plan.y].count)
        guard columns.count * rows.count <= Self.cellLimit else {
            throw MapError("the map would have \(columns.count) x \(rows.count) cells; choose other axes")
        }
        var cells = Cells(columns: columns, rows: rows, hasValues: plan.color != nil)
        cells.add(
            points, of: reader, try plan.color.map { try reader.values(of: $0.name) }, plan, request.projection)

        title = try reader.text(.title) ?? reader.path
        notes = plan.notes
        selection = plan.phrases
        isProjection = !plan.projected.isEmpty
        state = Self.state(reader.condition)
        pointCount = points.chosen.count
        x = Self.axis(plan.x, columns, lattice, plan.variables)
        y = Self.axis(plan.y, rows, lattice, plan.variables)
        showsOrigin = plan.slices.allSatisfy { lattice.axes[$0.axis].origin == Int($0.index) }
        outcomes = cells.outcomes
        values = cells.means
        inferred = kinds.map { Self.inferred($0, beside: cells.outcomes, plan, lattice, request.projection) } ?? []
        shade = Self.shade(plan, cells.means)
    }

    /// Describes the state of a file in one or two words.
    private static func state(_ condition: ResultsReader.Condition) -> String {
        switch condition {
        case .closed(.complete): "complete"
        case .closed(.partial): "incomplete"
        case .beingWritten: "still running"
        case .interrupted: "interrupted"
        }
    }

    /// Reads what is inferred of each position; `nil` without an inferred map, which a live file does not have.
    private static func inferredKinds(_ reader: borrowing ResultsReader) throws -> [InferredMap.Kind]? {
        if case .beingWritten = reader.condition { return nil }
        return try reader.inferredKinds()
    }

    /// Describes the variable that colours the cells, whose values are `values`.
    private static func shade(_ plan: MapPlan, _ values: [Double]) -> Shade? {
        guard let color = plan.color else { return nil }
        let finite = values.lazy.filter { $0.isFinite }
        var range: ClosedRange<Double>?
        for value in finite { range = min(range?.lowerBound ?? value, value)...max(range?.upperBound ?? value, value) }
        return Shade(
            name: color.name, longName: color.longName + (plan.projected.isEmpty ? "" : ", mean over stable points"),
            unit: color.unit, range: range)
    }

    /// The number of cells of each outcome that has any, in the order of the outcomes' codes.
    public var cellCounts: [(outcome: Outcome, count: Int)] {
        var counts = [Int](repeating: 0, count: Outcome.allCases.count)
        for outcome in outcomes { counts[Int(outcome.rawValue)] += 1 }
        return Outcome.allCases.filter { $0 != .pending && counts[Int($0.rawValue)] > 0 }
            .map { ($0, counts[Int($0.rawValue)]) }
    }

    /// The number of cells inferred to be stable, and not to be.
    public var inferredCounts: (stable: Int, other: Int) {
        (inferred.count { $0 == true }, inferred.count { $0 == false })
    }

    /// Projects an inferred map onto the cells without an evaluated point.
    ///
    /// - Parameters:
    ///   - kinds: what is inferred of each position, by key.
    ///   - outcomes: the outcome of each cell, which covers the whole of both axes.
    ///   - plan: the axes and slices.
    ///   - lattice: the lattice.
    ///   - projection: how positions that share a cell are combined.
    /// - Returns: whether each cell is inferred to be stable, shape (y, x).
    private static func inferred(
        _ kinds: [InferredMap.Kind], beside outcomes: [Outcome], _ plan: MapPlan, _ lattice: Lattice,
        _ projection: MapRequest.Projection
    ) -> [Bool?] {
        var cells = [Bool?](repeating: nil, count: outcomes.count)
        for (key, kind) in kinds.enumerated() {
            guard let isStable = kind.inferredStable else { continue }
            func index(_ axis: Int) -> Int { lattice.shape.index(of: key, on: axis) }
            guard plan.slices.allSatisfy({ index($0.axis) == Int($0.index) }) else { continue }
            let cell = index(plan.y) * lattice.axes[plan.x].count + index(plan.x)
            guard outcomes[cell] == .pending else { continue }
            cells[cell] = cells[cell].map { projection == .any ? $0 || isStable : $0 && isStable } ?? isStable
        }
        return cells
    }

    /// Combines the outcomes of two points that share a cell.
    ///
    /// If one of them is stable and the other is not, the cell is stable for ``MapRequest/Projection/any`` and takes the
    /// other outcome for ``MapRequest/Projection/all``. Of two outcomes that are not stable, the one with the smaller
    /// code is kept: an unstable point tells more than one that did not converge, and that more than a failed one.
    ///
    /// - Parameters:
    ///   - a: an outcome; `pending` for an empty cell.
    ///   - b: an outcome.
    ///   - projection: how they are combined.
    /// - Returns: the outcome of the cell. The order of points does not matter.
    static func merge(_ a: Outcome, _ b: Outcome, _ projection: MapRequest.Projection) -> Outcome {
        guard a != .pending else { return b }
        if (a == .stable) != (b == .stable) {
            let other = a == .stable ? b : a
            return projection == .any ? .stable : other
        }
        return a.rawValue <= b.rawValue ? a : b
    }

    private static func axis(
        _ number: Int, _ range: Range<Int>, _ lattice: Lattice, _ variables: [Variable]
    ) -> MapAxis {
        let axis = lattice.axes[number]
        let variable = variables.first { $0.name == axis.gas.variableName }
        return MapAxis(
            gas: axis.gas.formula, longName: variable?.longName ?? axis.gas.variableName, unit: variable?.unit ?? "1",
            values: Array(axis.values[range]),
            origin: range.contains(axis.origin) ? axis.origin - range.lowerBound : nil)
    }
}

/// The points that a map shows.
private struct MappedPoints {
    /// The points, by their index among the complete points of the file.
    let chosen: [Int]
    /// The indices of every complete point, shape (points, axes), row-major.
    private let indices: [Int32]
    private let lattice: Lattice

    /// - Throws: ``MapError`` when the map would be empty.
    init(_ reader: borrowing ResultsReader, _ plan: MapPlan, _ lattice: Lattice) throws {
        let indices = try reader.gridIndices()
        let axes = lattice.dimensions
        let chosen = reader.rows.indices.filter { point in
            plan.slices.allSatisfy { indices[point * axes + $0.axis] == $0.index }
        }
        guard !chosen.isEmpty else {
            throw MapError(
                plan.slices.isEmpty
                    ? "\(reader.path): has no points yet; try again later"
                    : "\(reader.path): has no points with \(plan.phrases[0]); give another --slice")
        }
        (self.chosen, self.indices, self.lattice) = (chosen, indices, lattice)
    }

    /// The index of a point on an axis.
    func index(_ point: Int, _ axis: Int) -> Int { Int(indices[point * lattice.dimensions + axis]) }

    /// The indices that the points span on an axis.
    func explored(_ axis: Int) -> Range<Int> {
        var (least, greatest) = (Int.max, Int.min)
        for point in chosen {
            least = min(least, index(point, axis))
            greatest = max(greatest, index(point, axis))
        }
        return max(0, least)..<min(lattice.axes[axis].count, greatest + 1)
    }
}

/// The cells of a map while points are added to them.
private struct Cells {
    /// The indices on the horizontal axis.
    let columns: Range<Int>
    /// The indices on the vertical axis.
    let rows: Range<Int>
    /// The outcome of each cell, shape (rows, columns), row-major.
    private(set) var outcomes: [Outcome]
    /// For each cell, the sum of its stable points' values and their number; empty when nothing colours the cells.
    private var sums: [Double]
    private var counts: [Int32]

    init(columns: Range<Int>, rows: Range<Int>, hasValues: Bool) {
        (self.columns, self.rows) = (columns, rows)
        outcomes = Array(repeating: .pending, count: columns.count * rows.count)
        sums = Array(repeating: 0, count: hasValues ? outcomes.count : 0)
        counts = Array(repeating: 0, count: sums.count)
    }

    /// The mean value of each cell that is stable, NaN for the others; empty when nothing colours the cells.
    var means: [Double] {
        sums.indices.map { outcomes[$0] == .stable && counts[$0] > 0 ? sums[$0] / Double(counts[$0]) : .nan }
    }

    /// Adds points.
    ///
    /// - Parameters:
    ///   - points: the points.
    ///   - reader: the file that they are from.
    ///   - values: the value of every complete point of the file; `nil` when nothing colours the cells.
    ///   - plan: the axes.
    ///   - projection: how points that share a cell are combined.
    mutating func add(
        _ points: MappedPoints, of reader: borrowing ResultsReader, _ values: [Double]?, _ plan: MapPlan,
        _ projection: MapRequest.Projection
    ) {
        let outcomeOfPoint = reader.outcomes
        for point in points.chosen {
            let (column, row) = (points.index(point, plan.x), points.index(point, plan.y))
            let cell = (row - rows.lowerBound) * columns.count + column - columns.lowerBound
            let outcome = outcomeOfPoint[point]
            outcomes[cell] = StabilityMap.merge(outcomes[cell], outcome, projection)
            if let values, outcome == .stable, values[point].isFinite {
                sums[cell] += values[point]
                counts[cell] += 1
            }
        }
    }
}
