import Atmospheres
import Clocks
import Exploration
import Glibc

/// Prints how many points `search: refine` needs for maps of synthetic regions, beside the number allowed.
///
///     swift run -c release SearchBenchmark [NAME or MODE...]
///
/// A point whose parent is `d` lattice steps away costs a model 1 + log2 d; "cost/point" is the mean. "busy" is the share of
/// 64 workers that are busy if every evaluation takes the same time.
@main
struct SearchBenchmark {
    enum Mode: String, CaseIterable {
        case exact
        case outcomes
        case values
    }

    static func main() {
        let modes = Mode.allCases.filter { CommandLine.arguments.contains($0.rawValue) }
        let wanted = CommandLine.arguments.dropFirst().filter { Mode(rawValue: $0) == nil }
        print(
            "region              map       points    at most      wrong    at most  "
                + "reached   flood  cost/point   busy   seconds")
        for region in Region.all where wanted.isEmpty || wanted.contains(where: { region.name.hasPrefix($0) }) {
            for mode in modes.isEmpty ? Mode.allCases : modes { run(region, mode) }
        }
    }

    static func run(_ region: Region, _ mode: Mode) {
        let bar = region.bars[mode]!
        var rules = Refinement.Rules()
        rules.stride = region.stride
        if mode != .exact { rules.budget = bar }
        if mode == .values { rules.bounds = [ValueBound(row: 0, maximum: 288)] }
        let begin = Time.monotonic()
        let search = Refinement(region.lattice, rules: rules)
        search.start()
        let (found, ticks, cost) = explore(search, region)
        let points = found.map { search.position($0) }
        let map = InferredMap(
            points, isStable: points.map(region.isStable), values: mode == .values ? points.map(region.value) : [],
            bounds: rules.bounds, stride: rules.stride, on: region.lattice)
        let wrong = map.kinds.indices.count { key in
            switch map.kinds[key] {
            case .enclosedStable, .predictedStable: !region.isStable(Position(key: UInt64(key)))
            case .enclosedOther, .predictedOther: region.isStable(Position(key: UInt64(key)))
            case .open: true
            case .evaluated, .noAtmosphere: false
            }
        }
        let allowed = mode == .exact ? 0 : mode == .outcomes ? region.limit / 4 : region.limit / 10
        let isReached = found.count <= bar && wrong <= allowed
        print(
            pad(region.name, -18), pad(mode.rawValue, -9), pad("\(found.count)", 7), pad("\(bar)", 10),
            pad("\(wrong)", 10), pad("\(allowed)", 10), pad(isReached ? "yes" : "NO", 8), pad("\(region.flood)", 8),
            pad(decimal(cost / Double(found.count), 2), 11),
            pad("\(Int(100 * Double(found.count) / Double(64 * ticks))) %", 7),
            pad(decimal(Time.monotonic() - begin, 1), 9))
        fflush(nil)
    }

    /// Runs the search with 64 workers whose evaluations all take one tick.
    static func explore(
        _ search: Refinement, _ region: Region
    ) -> (found: [PointID], ticks: Int, cost: Double) {
        var found: [PointID] = []
        var ticks = 0
        var cost = 0.0
        while true {
            var pending: [PointID] = []
            while pending.count < 64, let id = search.ask() { pending.append(id) }
            if pending.isEmpty { return (found, ticks, cost) }
            ticks += 1
            for id in pending {
                let point = search.position(id)
                cost += 1 + (search.parent(id).map { log2(region.steps(search.position($0), point)) } ?? 0)
                let isToRecord = search.tell(
                    id, region.isStable(point) ? .stable : .unstable, value: { _ in region.value(point) })
                if isToRecord { found.append(id) }
            }
        }
    }

    static func pad(_ text: String, _ width: Int) -> String {
        let space = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? text + space : space + text
    }

    static func decimal(_ value: Double, _ digits: Int) -> String {
        let scale = pow(10, Double(digits))
        return "\((value * scale).rounded() / scale)"
    }
}

/// A stable region in the unit cube with a lattice of `side` + 1 positions per axis.
struct Region: Sendable {
    let name: String
    let side: Int
    let lattice: Lattice
    let stride: Int
    /// Number of points that have a neighbour of the other kind.
    let limit: Int
    /// Number of points that a flood evaluates.
    let flood: Int
    let bars: [SearchBenchmark.Mode: Int]
    /// Negative where stable, about the distance to the boundary.
    let distance: @Sendable ([Double]) -> Double

    static let all = [
        Region("ball-2D", 256, 2, 32, (1012, 25_741), [.exact: 1250, .outcomes: 400, .values: 120], ball),
        Region("tongue-2D", 256, 2, 32, (1274, 16_051), [.exact: 1600, .outcomes: 600, .values: 250], tongue),
        Region("ball-3D", 64, 3, 8, (10_448, 52_467), [.exact: 13_000, .outcomes: 3000, .values: 500], ball),
        Region("tongue-3D", 64, 3, 8, (7338, 17_222), [.exact: 9200, .outcomes: 3000, .values: 1000], tongue),
        Region("ball-4D", 32, 4, 4, (43_304, 100_817), [.exact: 54_000, .outcomes: 12_000, .values: 1500], ball),
        Region("tongue-4D", 32, 4, 4, (16_176, 19_757), [.exact: 20_700, .outcomes: 6000, .values: 3000], tongue),
    ]

    init(
        _ name: String, _ side: Int, _ dimensions: Int, _ stride: Int, _ counts: (limit: Int, flood: Int),
        _ bars: [SearchBenchmark.Mode: Int], _ distance: @escaping @Sendable ([Double]) -> Double
    ) {
        self.name = name
        self.side = side
        self.stride = stride
        limit = counts.limit
        flood = counts.flood
        self.bars = bars
        self.distance = distance
        // In the middle of the ball and of the tongue.
        let centre = [0.5, 0.5, distance([0.5, 0.5, 0.5]) < 0 ? 0.5 : 0.3, 0.5]
        let axes = (0..<dimensions).map { axis in
            Axis(
                Gas.known[axis], values: (0...side).map { 0.2 * Double($0) / Double(side) },
                origin: Int((centre[axis] * Double(side)).rounded()))
        }
        guard let lattice = try? Lattice(axes: axes) else { fatalError("a lattice of fewer than 2^63 positions") }
        self.lattice = lattice
    }

    private func coordinates(_ position: Position) -> [Double] {
        lattice.indices(of: position).map { Double($0) / Double(side) }
    }

    func isStable(_ position: Position) -> Bool { distance(coordinates(position)) < 0 }

    /// An answer as a model might give it: smooth, not linear in the distance, 288 at the boundary.
    func value(_ position: Position) -> Double {
        let distance = distance(coordinates(position))
        return 288 + 80 * distance + 30 * distance * distance
    }

    func steps(_ a: Position, _ b: Position) -> Double {
        let steps = zip(lattice.indices(of: a), lattice.indices(of: b)).reduce(0) { $0 + abs($1.0 - $1.1) }
        return Double(max(1, steps))
    }

    @Sendable private static func ball(_ x: [Double]) -> Double {
        x.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) }.squareRoot() - 0.35
    }

    /// A tube around a curve.
    @Sendable private static func tongue(_ x: [Double]) -> Double {
        let turn = 2 * Double.pi * x[0]
        let curve = [0.5 + 0.25 * sin(turn), 0.5 + 0.2 * cos(turn), 0.5 + 0.15 * sin(2 * turn)]
        let squared = zip(x.dropFirst(), curve).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return max(squared.squareRoot() - 0.14, abs(x[0] - 0.5) - 0.42)
    }
}
