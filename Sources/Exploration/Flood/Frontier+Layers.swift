import Atmospheres

/// The order `generations`: layer after layer, looking ahead where that changes nothing.
extension Frontier {
    /// Returns the next open point, from the next layer if this one has none left.
    func nextInLayers() -> PointID? {
        while true {
            if let id = returned.popLast() ?? queue.popFirst() { return id }
            if queue.layered.unsettled > 0 { return lookAhead() }
            if queue.layered.next.isEmpty && retryable.isEmpty { return nil }
            beginLayer()
            if queue.layered.next.isEmpty && queue.layered.unsettled == 0 { return nil }
        }
    }

    /// Makes the next layer the current one: its parents are final now.
    func beginLayer() {
        queue.layered.beginNext()
        reopenRetryable()
        let told = queue.layered.takeToldAhead()
        // Under a limit of points those asked must be the first of an order that does not depend on timing.
        if rules.pointLimit != nil { queue.layered.sort { table[$0].key < table[$1].key } }
        for id in told { follow(id) }
        guard hasRecalled else { return }
        queue.layered.recallAll()
        settleRecalled()
    }

    /// Returns a point of the next layer whose parent can no longer change, if there is one.
    private func lookAhead() -> PointID? {
        guard rules.pointLimit == nil, mayLookAhead || queue.layered.isLookingAhead else { return nil }
        if !queue.layered.isLookingAhead {
            queue.layered.isLookingAhead = true
            for i in 0..<queue.layered.next.count { appendIfReady(queue.layered.next[i]) }
        }
        return queue.layered.popReady()
    }

    /// Looks again at the points of the next layer whose parent `id`, just settled, might have become.
    func findReadyNeighbours(of id: PointID) {
        guard rules.pointLimit == nil else { return }
        let key = table[id].key
        let indices = steps.blankIndices()
        steps.locate(key, indices)
        for step in 0..<steps.count {
            guard let neighbour = steps.neighbour(step, of: key, at: indices) else { continue }
            if let other = table.find(neighbour), !queue.layered.contains(table[other]) { appendIfReady(other) }
        }
    }

    private func appendIfReady(_ id: PointID) {
        let entry = table[id]
        guard entry.phase == .open, entry.outcome == .pending, entry.attempts == 0, let parent = parent(id) else {
            return
        }
        let best = preference(of: parent, asParentOf: entry.key)
        steps.locate(entry.key, indices)
        for step in 0..<steps.count {
            guard let key = steps.neighbour(step, of: entry.key, at: indices), let other = table.find(key),
                queue.layered.contains(table[other]), table[other].phase == .open || table[other].phase == .pending
            else { continue }
            if ParentPreference(distance: steps.length(step, at: indices), key: key) < best { return }
        }
        queue.layered.appendReady(id)
    }
}
