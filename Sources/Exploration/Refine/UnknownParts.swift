/// The parts of a lattice that evaluated points leave connected: unevaluated positions joined along sides.
///
/// They are found as runs along the last axis, joined where they are side by side (union-find).
struct UnknownParts {
    struct Run {
        let start: Int
        let end: Int
    }

    private(set) var runs: [Run] = []
    private var parents: [Int32] = []
    // What touches a part, by the number of its first run.
    private var touchesStable: [Bool] = []
    private var touchesOther: [Bool] = []

    init(_ states: LatticeStates) {
        let length = states.axes[states.axes.count - 1]
        var firstRuns: [Int] = []
        for line in stride(from: 0, to: states.count, by: length) {
            firstRuns.append(runs.count)
            var start: Int?
            for key in line..<line + length {
                if states[key] == .unknown {
                    if start == nil { start = key }
                } else if let begin = start {
                    runs.append(Run(start: begin, end: key))
                    start = nil
                }
            }
            if let start { runs.append(Run(start: start, end: line + length)) }
        }
        firstRuns.append(runs.count)
        parents = runs.indices.map(Int32.init)
        touchesStable = Array(repeating: false, count: runs.count)
        touchesOther = touchesStable
        for axis in 0..<states.axes.count - 1 {
            let step = states.strides[axis] / length
            let block = step * states.axes[axis]
            for line in 0..<firstRuns.count - 1 where line % block + step < block {
                join(
                    firstRuns[line]..<firstRuns[line + 1], firstRuns[line + step]..<firstRuns[line + step + 1],
                    step * length)
            }
        }
        for run in runs.indices { findContacts(of: run, states) }
    }

    /// Joins the runs of two neighbouring lines that overlap.
    private mutating func join(_ below: Range<Int>, _ above: Range<Int>, _ offset: Int) {
        var (i, j) = (below.lowerBound, above.lowerBound)
        while i < below.upperBound, j < above.upperBound {
            let (a, b) = (runs[i], runs[j])
            if a.start + offset < b.end && b.start < a.end + offset {
                let (p, q) = (root(i), root(j))
                if p != q { parents[max(p, q)] = Int32(min(p, q)) }
            }
            if a.end + offset < b.end { i += 1 } else { j += 1 }
        }
    }

    private mutating func root(_ run: Int) -> Int {
        var run = run
        while Int(parents[run]) != run {
            parents[run] = parents[Int(parents[run])]
            run = Int(parents[run])
        }
        return run
    }

    private mutating func findContacts(of run: Int, _ states: LatticeStates) {
        let part = root(run)
        if touchesStable[part] && touchesOther[part] { return }
        var indices = [Int](repeating: 0, count: states.axes.count)
        for key in runs[run].start..<runs[run].end {
            states.shape.decompose(key, into: &indices)
            states.shape.forEachNeighbour(of: key, at: indices) {
                switch states[$0] {
                case .stable: touchesStable[part] = true
                case .other: touchesOther[part] = true
                case .unknown, .missing: break
                }
            }
            if touchesStable[part] && touchesOther[part] { return }
        }
    }

    /// Returns the kind of the points around a run's part: `nil` for both kinds, `unknown` for none.
    mutating func kind(ofRun run: Int) -> LatticeStates.Kind? {
        let part = root(run)
        switch (touchesStable[part], touchesOther[part]) {
        case (true, true): return nil
        case (true, false): return .stable
        case (false, true): return .other
        case (false, false): return .unknown
        }
    }

    /// Returns a key beside a stable point and one beside another point, for each part that has both.
    func contacts(_ states: LatticeStates) -> [(stable: Int, other: Int)] {
        var copy = self
        var stable: [Int: Int] = [:]
        var other: [Int: Int] = [:]
        var indices = [Int](repeating: 0, count: states.axes.count)
        for run in runs.indices where copy.kind(ofRun: run) == nil {
            let part = copy.root(run)
            if stable[part] != nil && other[part] != nil { continue }
            for key in runs[run].start..<runs[run].end {
                states.shape.decompose(key, into: &indices)
                states.shape.forEachNeighbour(of: key, at: indices) { neighbour in
                    if states[neighbour] == .stable, stable[part] == nil { stable[part] = key }
                    if states[neighbour] == .other, other[part] == nil { other[part] = key }
                }
            }
        }
        return stable.keys.sorted().compactMap { part in
            guard let a = stable[part], let b = other[part] else { return nil }
            return (a, b)
        }
    }
}
