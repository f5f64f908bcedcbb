public import Atmospheres
internal import Exploration
public import Results

/// The explored points of a results file on two axes: a cell for each pair of axis values.
///
/// Points that differ on other axes lie behind one another, unless a slice picks one value there.
public struct StabilityMap: Sendable {
    /// One of the two axes, cut to what was explored.
    public struct MapAxis: Sendable, Equatable {
        /// Formula of the gas: "CO2".
        public var gas: String
        /// Of the gas's variable in the file.
        public var longName: String
        public var unit: String
        /// Ascending.
        public var values: [Double]
        /// Index of the origin in `values`; `nil` when it is outside.
        public var origin: Int?
    }

    /// What colours the stable cells.
    public struct Shade: Sendable, Equatable {
        public var name: String
        public var longName: String
        public var unit: String
        /// Least and greatest value of the stable cells; `nil` when none has a value.
        public var range: ClosedRange<Double>?
    }

    public let title: String
    public let x: MapAxis
    public let y: MapAxis
    /// Outcome of each cell, shape (y, x), row-major, `pending` where nothing was explored.
    public let outcomes: [Outcome]
    /// Where no point of a cell was evaluated: whether it is inferred to be stable; `nil` for nothing known. Empty
    /// without an inferred map.
    public let inferred: [Bool?]
    /// Value of each cell, its mean over the stable points behind one another; NaN where there is none, and empty
    /// without ``shade``.
    public let values: [Double]
    public let shade: Shade?
    /// Points that the map shows.
    public let pointCount: Int
    /// What was done with the other axes, a phrase each: "H2 = 8.13e-08", "any stable along O2, H2O".
    public let selection: [String]
    /// What to tell the user: a slice that is not at the value asked for.
    public let notes: [String]
    /// Whether the origin lies in what is shown.
    public let showsOrigin: Bool
    /// Whether points lie behind one another.
    public let isProjection: Bool
    /// State of the file in a word or two.
    public let state: String

    /// Cells of a map at most.
    private static let cellLimit = 1 << 27

    /// - Throws: ``MapError`` when the request does not fit the file, else what reading throws.
    public init(of reader: borrowing ResultsReader, _ request: MapRequest) throws {
        let lattice = try reader.lattice()
        let plan = try MapPlan(request, lattice, try reader.variables())
        title = try reader.text("title") ?? reader.path
        notes = plan.notes
        selection = plan.phrases
        isProjection = !plan.projected.isEmpty
        state =
            switch reader.condition {
            case .closed(.complete): "complete"
            case .closed(.partial): "work left"
            case .beingWritten: "still running"
            case .interrupted: "interrupted"
            }

        let axes = lattice.dimensions
        let indices = try reader.gridIndices()
        let chosen = reader.rows.indices.filter { row in
            plan.slices.allSatisfy { indices[row * axes + $0.axis] == $0.index }
        }
        guard !chosen.isEmpty else {
            throw MapError(
                plan.slices.isEmpty
                    ? "\(reader.path): holds no point yet; look again when some are there"
                    : "\(reader.path): holds no point with \(plan.phrases[0]); give another --slice")
        }
        pointCount = chosen.count
        let isLive = if case .beingWritten = reader.condition { true } else { false }
        let kinds = try isLive ? nil : reader.inferredKinds()
        // An inferred map is one of the whole lattice.
        let (columns, rows) =
            kinds == nil
            ? (Self.explored(chosen, indices, plan.x, lattice), Self.explored(chosen, indices, plan.y, lattice))
            : (0..<lattice.axes[plan.x].count, 0..<lattice.axes[plan.y].count)
        guard columns.count * rows.count <= Self.cellLimit else {
            throw MapError("the map would have \(columns.count) x \(rows.count) cells; choose other axes")
        }
        x = Self.axis(plan.x, columns, lattice, plan.variables)
        y = Self.axis(plan.y, rows, lattice, plan.variables)
        showsOrigin = plan.slices.allSatisfy { lattice.axes[$0.axis].origin == Int($0.index) }

        let quantity = try plan.color.map { try reader.values(of: $0.name) }
        var outcomes = [Outcome](repeating: .pending, count: columns.count * rows.count)
        var sums = [Double](repeating: 0, count: quantity == nil ? 0 : outcomes.count)
        var counts = [Int32](repeating: 0, count: sums.count)
        let outcomeOfRow = reader.outcomes
        for row in chosen {
            let column = Int(indices[row * axes + plan.x]) - columns.lowerBound
            let cell = (Int(indices[row * axes + plan.y]) - rows.lowerBound) * columns.count + column
            let outcome = outcomeOfRow[row]
            outcomes[cell] = Self.merge(outcomes[cell], outcome, request.projection)
            if let quantity, outcome == .stable, quantity[row].isFinite {
                sums[cell] += quantity[row]
                counts[cell] += 1
            }
        }
        self.outcomes = outcomes
        inferred = kinds.map { Self.inferred($0, beside: outcomes, plan, lattice, request.projection) } ?? []
        values = sums.indices.map {
            outcomes[$0] == .stable && counts[$0] > 0 ? sums[$0] / Double(counts[$0]) : .nan
        }
        let range = values.lazy.filter { $0.isFinite }.bounds
        let isMean = isProjection
        shade = plan.color.map {
            Shade(
                name: $0.name, longName: $0.longName + (isMean ? ", mean over stable points" : ""), unit: $0.unit,
                range: range.map { $0[0]...$0[1] })
        }
    }

    /// Cells of each outcome, those without any left out.
    public var cellCounts: [(outcome: Outcome, count: Int)] {
        var counts = [Int](repeating: 0, count: Outcome.allCases.count)
        for outcome in outcomes { counts[Int(outcome.rawValue)] += 1 }
        return Outcome.allCases.filter { $0 != .pending && counts[Int($0.rawValue)] > 0 }
            .map { ($0, counts[Int($0.rawValue)]) }
    }

    /// Inferred cells, those that are stable and those that are not.
    public var inferredCounts: (stable: Int, other: Int) {
        (inferred.count { $0 == true }, inferred.count { $0 == false })
    }

    /// What is inferred of the cells without an evaluated point, shape (y, x).
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

    /// The outcome that stands for two points behind one another.
    static func merge(_ a: Outcome, _ b: Outcome, _ projection: MapRequest.Projection) -> Outcome {
        guard a != .pending else { return b }
        if (a == .stable) != (b == .stable) {
            let other = a == .stable ? b : a
            return projection == .any ? .stable : other
        }
        // An answer says more than none.
        return a.rawValue <= b.rawValue ? a : b
    }

    private static func explored(_ rows: [Int], _ indices: [Int32], _ axis: Int, _ lattice: Lattice) -> Range<Int> {
        var (least, greatest) = (Int32.max, Int32.min)
        for row in rows {
            least = min(least, indices[row * lattice.dimensions + axis])
            greatest = max(greatest, indices[row * lattice.dimensions + axis])
        }
        return max(0, Int(least))..<min(lattice.axes[axis].count, Int(greatest) + 1)
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
