import Atmospheres
import DequeModule

/// The order `generations`: layer after layer, looking ahead where that changes nothing.
extension Frontier {
    mutating func nextOpen() -> PointID? {
        while true {
            if let id = returned.popLast() { return id }
            if let id = current.popFirst() { return id }
            if rules.order == .arrival { return nil }
            if unsettledInLayer > 0 { return lookAhead() }
            if next.isEmpty && retryable.isEmpty { return nil }
            beginLayer()
            if next.isEmpty && unsettledInLayer == 0 { return nil }
        }
    }

    /// Makes the next layer the current one: its parents are final now.
    mutating func beginLayer() {
        let layer = next
        let told = toldAhead
        next = []
        ready = []
        isLookingAhead = false
        layerIsOdd.toggle()
        unsettledInLayer = layer.count { table[$0].phase != .settled }
        current = Deque(layer.filter { table[$0].phase == .open })
        reopenRetryable()
        toldAhead = []
        // The set asked under a limit of points must be a beginning of an order that timing does not make.
        if rules.pointLimit != nil { current.sort { table[$0].key < table[$1].key } }
        for id in told { follow(id) }
        for id in layer where isRecalled(id) { settleRecalled(id) }
    }

    /// A point of the next layer whose parent can no longer change, if there is one.
    private mutating func lookAhead() -> PointID? {
        guard rules.pointLimit == nil, mayLookAhead || isLookingAhead else { return nil }
        if !isLookingAhead {
            isLookingAhead = true
            for id in next { appendIfReady(id) }
        }
        return ready.popFirst()
    }

    /// Looks again at the points whose parent `id`, just settled, might have become.
    mutating func findReadyNeighbours(of id: PointID) {
        guard rules.pointLimit == nil else { return }
        let key = table[id].key
        var indices: [Int] = []
        lattice.decompose(GridPoint(key: key), into: &indices)
        for step in 0..<steps.count {
            guard let neighbour = steps.neighbour(step, of: key, at: indices) else { continue }
            if let other = table.find(neighbour), !inLayer(other) { appendIfReady(other) }
        }
    }

    private mutating func appendIfReady(_ id: PointID) {
        let entry = table[id]
        guard entry.phase == .open, entry.outcome == .pending, entry.attempts == 0, let parent = parent(id) else {
            return
        }
        let best = rank(of: parent, asParentOf: entry.key)
        lattice.decompose(GridPoint(key: entry.key), into: &indices)
        for step in 0..<steps.count {
            guard let key = steps.neighbour(step, of: entry.key, at: indices), let other = table.find(key),
                inLayer(other), table[other].phase == .open || table[other].phase == .pending
            else { continue }
            if Rank(distance: steps.length(step, at: indices), key: key) < best { return }
        }
        ready.append(id)
    }
}
