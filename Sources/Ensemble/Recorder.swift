public import Atmospheres
public import Exploration

/// Where the master puts what is settled: the results file's writer, or a list in a test.
public protocol Recorder {
    /// Whether more rows are welcome now. While they are not the master leaves its messages where they are.
    var hasRoom: Bool { get }

    /// Why rows can no longer be kept, once that is so. The master then ends the job.
    var failure: (any Error)? { get }

    /// What the model kept of the point in `row`, recorded before, in this launch or an earlier one; empty where there
    /// is nothing. May wait for the disk.
    func solution(ofRow row: Int) throws -> [UInt8]

    /// Takes rows: `provenance[i]` belongs to row `i` of `evaluations`. Returns without waiting for a disk.
    func record(_ provenance: [Provenance], _ evaluations: Evaluations)
}
