import Foundation
import Testing

@testable import Models

/// Real inputs and outputs of Atmos, beside the checkout: they are not part of the repository.
enum AtmosSamples {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/atmos-samples").path

    static let areThere = FileManager.default.fileExists(atPath: folder + "/README.md")

    static let obstacle: Comment? =
        areThere ? nil : "no Atmos samples in \(folder): the parsers are tested on the texts of the repository only"

    static func bytes(_ name: String) throws -> [UInt8] { try FortranText.read(folder + "/" + name) }

    static func text(_ name: String) throws -> FortranText { try FortranText(contentsOf: folder + "/" + name) }

    /// The chemistry's progress after its log, read in pieces as a pipe hands them over.
    static func photo(_ name: String, piece: Int = 1000) throws -> PhotoProgress {
        var progress = PhotoProgress()
        let bytes = try bytes(name)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            progress.receive(bytes[start..<min(start + piece, bytes.count)])
        }
        progress.finish()
        return progress
    }

    /// The climate model's progress after its log.
    static func clima(_ name: String, piece: Int = 1000) throws -> ClimaProgress {
        var progress = ClimaProgress()
        let bytes = try bytes(name)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            progress.receive(bytes[start..<min(start + piece, bytes.count)])
        }
        progress.finish()
        return progress
    }
}

/// What a verdict throws; `nil` when it throws nothing.
func failure(_ judge: () throws -> Void) -> AtmosFailure? {
    do {
        try judge()
        return nil
    } catch {
        return error as? AtmosFailure
    }
}
