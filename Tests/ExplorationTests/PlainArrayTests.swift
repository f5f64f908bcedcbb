import SeededRandom
import TestSupport
import Testing

@testable import Exploration

@Suite("Plain arrays", .namesSeeds)
struct PlainArrayTests {
    @Test("A large array keeps its elements as it grows, and begins with zeros where it is to")
    func growth() {
        var array = PlainArray<UInt64>()
        for number in 0..<1_000_000 as Range<UInt64> { array.append(number &* 0x9E37_79B9_7F4A_7C15) }
        #expect(array.count == 1_000_000)
        #expect((0..<1_000_000).allSatisfy { array[$0] == UInt64($0) &* 0x9E37_79B9_7F4A_7C15 })
        let zeros = PlainArray<UInt32>(zeros: 3 << 20)
        #expect((0..<zeros.count).allSatisfy { zeros[$0] == 0 })
    }

    @Test("A queue that is never empty returns its elements in order and does not grow beyond what it holds")
    func queue() {
        var random = SeededGenerator(seed: 7)
        var queue = PlainQueue<Int>()
        var (put, taken) = (0, 0)
        for _ in 0..<300_000 {
            if put - taken < 50 || put - taken < 200 && random.next() % 2 == 0 {
                queue.append(put)
                put += 1
            } else {
                #expect(queue.popFirst() == taken)
                taken += 1
            }
        }
        #expect(queue.count == put - taken)
        #expect(queue[3] == taken + 3)
        #expect(queue.elements.capacity <= 1024)
    }

    @Test("A queue loses elements at its head or in the middle, and keeps the order of the others")
    func removal() {
        var queue = PlainQueue<Int>()
        for number in 0..<10 { queue.append(number) }
        queue.removeFirst { index, number in index == number && number < 4 }
        queue.remove(at: 2)
        #expect(queue.count == 5)
        #expect((0..<queue.count).map { queue[$0] } == [4, 5, 7, 8, 9])
        var rest: [Int] = []
        while let number = queue.popFirst() { rest.append(number) }
        #expect(rest == [4, 5, 7, 8, 9])
        #expect(queue.isEmpty && queue.popFirst() == nil)
    }
}
