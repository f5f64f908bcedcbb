import Atmospheres
import DequeModule

/// The order `generations`: layer after layer, looking ahead where that changes nothing.
extension Frontier {
    @inline(__always)
    func nextOpen() -> PointID? {
        if returned.isEmpty, let id = current.popFirst() { return id }
        return nextOpenElsewhere()
    }

    private func nextOpenElsewhere() -> PointID? {
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
    func beginLayer() {
        let told = toldAhead
        ready = []
        isLookingAhead = false
        layerIsOdd.toggle()
        unsettledInLayer = next.count - told.count
        // Those that were asked ahead are passed over when their turn comes.
        current.take(&next)
        reopenRetryable()
        toldAhead = []
        // The set asked under a limit of points must be a beginning of an order that timing does not make.
        if rules.pointLimit != nil { current.sort { table[$0].key < table[$1].key } }
        for id in told { follow(id) }
        guard hasRecalled else { return }
        for i in 0..<current.elements.count where isRecalled(current.elements[i]) {
            settleRecalled(current.elements[i])
        }
    }

    /// A point of the next layer whose parent can no longer change, if there is one.
    private func lookAhead() -> PointID? {
        guard rules.pointLimit == nil, mayLookAhead || isLookingAhead else { return nil }
        if !isLookingAhead {
            isLookingAhead = true
            for i in 0..<next.count { appendIfReady(next[i]) }
        }
        return ready.popFirst()
    }

    /// Looks again at the points whose parent `id`, just settled, might have become.
    func findReadyNeighbours(of id: PointID) {
        guard rules.pointLimit == nil else { return }
        let key = table[id].key
        let indices = steps.blankIndices()
        steps.locate(key, indices)
        for step in 0..<steps.count {
            guard let neighbour = steps.neighbour(step, of: key, at: indices) else { continue }
            if let other = table.find(neighbour), !inLayer(other) { appendIfReady(other) }
        }
    }

    private func appendIfReady(_ id: PointID) {
        let entry = table[id]
        guard entry.phase == .open, entry.outcome == .pending, entry.attempts == 0, let parent = parent(id) else {
            return
        }
        let best = rank(of: parent, asParentOf: entry.key)
        steps.locate(entry.key, indices)
        for step in 0..<steps.count {
            guard let key = steps.neighbour(step, of: entry.key, at: indices), let other = table.find(key),
                inLayer(other), table[other].phase == .open || table[other].phase == .pending
            else { continue }
            if ParentPreference(distance: steps.length(step, at: indices), key: key) < best { return }
        }
        ready.append(id)
    }
}
