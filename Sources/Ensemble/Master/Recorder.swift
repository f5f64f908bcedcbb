public import Atmospheres

/// Where the master puts settled points: the results file's writer, or a list in a test.
public protocol Recorder {
    /// Whether more rows can be taken now. While this is false the master leaves messages with the transport.
    var hasRoom: Bool { get }

    /// Why rows can no longer be recorded; `nil` while they can. The master then ends the job.
    var failure: (any Error)? { get }

    /// Returns what the model kept of the point in `row`, recorded earlier in this launch or a previous one; empty if
    /// nothing. May wait for the disk.
    func solution(ofRow row: Int) throws -> [UInt8]

    /// Takes rows, and returns without waiting for a disk.
    ///
    /// - Parameters:
    ///   - provenance: element `i` belongs to row `i` of `evaluations`.
    ///   - evaluations: the results.
    func record(_ provenance: [Provenance], _ evaluations: Evaluations)
}
