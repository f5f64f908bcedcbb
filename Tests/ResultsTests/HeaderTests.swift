internal import Foundation
internal import Results
internal import TestSupport
internal import Testing

@Suite struct HeaderTests {
    @Test(
        "ncdump shows the header of a file of two points as written down",
        .enabled(if: Tools.ncdump != nil, "needs ncdump"))
    func goldenHeader() async throws {
        let scratch = try Scratch()
        let path = scratch.path("two_points.h5")
        try makeFile(path, rows: 2)
        let (succeeded, header) = try await Tools.run(try #require(Tools.ncdump), ["-h", path])
        #expect(succeeded)
        let golden = try String(contentsOfFile: Tools.resource("two_points.cdl"), encoding: .utf8)
        #expect(header == golden)
    }
}
