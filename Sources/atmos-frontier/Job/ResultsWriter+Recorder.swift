public import Ensemble
public import Results

/// The results file's writer is what the master records with.
extension ResultsWriter: Recorder {
    /// Reads the model solution of a row recorded earlier, in this launch or a previous one.
    public func solution(ofRow row: Int) throws -> [UInt8] { try bytes(ofRow: row, in: .solution) }
}
