import Atmospheres
import Testing

@Suite struct KeptScratchTests {
    private struct Full: Error, CustomStringConvertible { var description: String { "no room" } }

    private static let description = ModelDescription(
        name: "a", version: "1", references: [], respondsTo: [], quantities: [])

    /// Keeps a point with this outcome; returns the paths that were copied to, and the log.
    private func keep(
        _ kept: inout KeptScratch, _ indices: [Int], _ outcome: Outcome, failing: Bool = false
    ) -> (paths: [String], log: String) {
        var evaluation = Evaluation(of: Self.description)
        evaluation.outcome = outcome
        let inquiry = Inquiry(id: 17, indices: indices, composition: Composition(gases: [], mixingRatios: []))
        var paths: [String] = []
        kept.keep(inquiry, &evaluation) { (path) throws(Full) in
            if failing { throw Full() }
            paths.append(path)
        }
        return (paths, String(decoding: evaluation.log, as: UTF8.self))
    }

    @Test("A copy is named by the point's position, and later copies of the same point are numbered") func names() {
        var kept = KeptScratch(folder: "kept")
        #expect(keep(&kept, [3, 17], .failed) == (["kept/point-3-17"], "kept as kept/point-3-17"))
        #expect(keep(&kept, [317], .notConverged).paths == ["kept/point-317"])
        #expect(keep(&kept, [3, 17], .failed).paths == ["kept/point-3-17.2"])
        #expect(keep(&kept, [3, 17], .failed).paths == ["kept/point-3-17.3"])
    }

    @Test("Points that succeeded are kept only on demand, and no more than the limit") func selection() {
        var kept = KeptScratch(folder: "kept", limit: 2)
        for outcome in [Outcome.stable, .unstable, .pending] { #expect(keep(&kept, [0], outcome).paths == []) }
        #expect(keep(&kept, [0], .failed, failing: true).log == "no room")
        for i in 0..<3 { #expect(keep(&kept, [i], .failed).paths.isEmpty == (i == 2)) }
        var all = KeptScratch(folder: "kept", keepsAll: true)
        #expect(keep(&all, [0], .stable).paths == ["kept/point-0"])
    }
}
