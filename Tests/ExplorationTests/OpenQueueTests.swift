import Testing

@testable import Exploration

@Suite("Open points")
struct OpenQueueTests {
    /// A table of `count` open points.
    private func table(_ count: Int) -> (PointTable, [PointID]) {
        let table = PointTable(for: UInt64(count))
        return (table, (0..<count).map { table.insert(PointTable.Entry(key: UInt64($0), phase: .open)) })
    }

    private func settle(_ id: PointID, _ table: PointTable, _ queue: inout LayeredQueue) -> Bool {
        table[id].phase = .settled
        return queue.didSettle(id, table[id])
    }

    /// A queue cannot be copied into an expectation.
    private func expectUnsettled(_ expected: Int, _ count: Int) { #expect(count == expected) }

    @Test("In the order of arrival, points come as they were opened, and the last recalled one is settled first")
    func arrival() {
        let (_, ids) = table(4)
        var queue = ArrivalQueue(keepsFirstParent: false)
        for (i, id) in ids.enumerated() { queue.append(id, isRecalled: i % 2 == 1) }
        var popped: [PointID?] = []
        for _ in 0..<5 { popped.append(queue.popFirst()) }
        #expect(popped == ids + [nil])
        var recalled: [PointID?] = []
        for _ in 0..<3 { recalled.append(queue.popRecalled()) }
        #expect(recalled == [ids[3], ids[1], nil])
    }

    @Test("In the order of arrival, a point may change its parent until it was asked, unless it keeps its first")
    func arrivalParents() {
        let (table, ids) = table(1)
        let free = ArrivalQueue(keepsFirstParent: false)
        let keeping = ArrivalQueue(keepsFirstParent: true)
        var mayChange = [free.mayChangeParent(of: table[ids[0]]), keeping.mayChangeParent(of: table[ids[0]])]
        table[ids[0]].attempts = 1
        mayChange.append(free.mayChangeParent(of: table[ids[0]]))
        #expect(mayChange == [true, false, false])
    }

    @Test("In layers, points wait for their layer, and each layer counts what is not settled")
    func layers() {
        let (table, ids) = table(3)
        var queue = LayeredQueue()
        for id in ids { queue.append(id, in: table) }
        let early = queue.popFirst()
        #expect(early == nil)
        queue.beginNext()
        expectUnsettled(3, queue.unsettled)
        for id in ids {
            let next = queue.popFirst()
            #expect(next == id)
            let isInLayer = queue.contains(table[id])
            #expect(isInLayer)
        }
        for id in ids {
            let isInLayer = settle(id, table, &queue)
            #expect(isInLayer)
        }
        expectUnsettled(0, queue.unsettled)
    }

    @Test("A point told ahead of its layer waits, and is not counted when the layer begins")
    func toldAhead() {
        let (table, ids) = table(3)
        var queue = LayeredQueue()
        queue.append(ids[0], in: table)
        queue.beginNext()
        queue.append(ids[1], in: table)
        queue.append(ids[2], in: table)
        let isInLayer = settle(ids[1], table, &queue)
        #expect(!isInLayer)
        var isAhead = [queue.isToldAhead(ids[1]), queue.isToldAhead(ids[2])]
        #expect(isAhead == [true, false])
        expectUnsettled(1, queue.unsettled)
        queue.beginNext()
        expectUnsettled(1, queue.unsettled)
        isAhead = [queue.isToldAhead(ids[1])]
        let told = queue.takeToldAhead()
        isAhead.append(queue.isToldAhead(ids[1]))
        #expect(isAhead == [true, false])
        #expect(told == [ids[1]])
    }

    @Test("A reopened point is asked in the same layer")
    func reopened() {
        let (table, ids) = table(1)
        var queue = LayeredQueue()
        queue.append(ids[0], in: table)
        queue.beginNext()
        _ = queue.popFirst()
        _ = settle(ids[0], table, &queue)
        queue.reopen(ids[0], in: table)
        let again = queue.popFirst()
        #expect(again == ids[0])
        expectUnsettled(1, queue.unsettled)
    }
}
