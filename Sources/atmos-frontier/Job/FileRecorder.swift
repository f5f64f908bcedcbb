internal import Atmospheres
internal import Ensemble
internal import Exploration
internal import Results

/// The results file as the master's record.
struct FileRecorder: Recorder {
    let writer: ResultsWriter

    var hasRoom: Bool { writer.hasRoom }
    var failure: (any Error)? { writer.failure }

    func solution(ofRow row: Int) throws -> [UInt8] { try writer.bytes(ofRow: row, in: .solution) }

    func record(_ provenance: [Provenance], _ evaluations: Evaluations) { writer.record(provenance, evaluations) }
}
