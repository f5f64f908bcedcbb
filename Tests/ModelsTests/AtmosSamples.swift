import Foundation
import Testing

@testable import Models

/// Real inputs and outputs of Atmos, in a folder next to the checkout; they are not part of the repository.
enum AtmosSamples {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/atmos-samples").path

    static let exist = FileManager.default.fileExists(atPath: folder + "/README.md")

    static let obstacle: Comment? =
        exist ? nil : "no Atmos samples in \(folder): the parsers are tested with the texts of the repository only"

    static func bytes(_ name: String) throws -> [UInt8] { try FortranText.read(folder + "/" + name) }

    static func text(_ name: String) throws -> FortranText { try FortranText(contentsOf: folder + "/" + name) }

    /// Feeds a log to `progress` in pieces, as it arrives while a program runs.
    static func read<Progress: AtmosProgress>(_ name: String, by progress: Progress, piece: Int = 1000) throws
        -> Progress
    {
        var progress = progress
        let bytes = try bytes(name)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            progress.receive(bytes[start..<min(start + piece, bytes.count)])
        }
        progress.finish()
        return progress
    }

    /// The chemistry's progress at the end of a log.
    static func photo(_ name: String, piece: Int = 1000) throws -> PhotoProgress {
        try read(name, by: PhotoProgress(), piece: piece)
    }

    /// The climate model's progress at the end of a log.
    static func clima(_ name: String, piece: Int = 1000) throws -> ClimaProgress {
        try read(name, by: ClimaProgress(), piece: piece)
    }
}

/// Returns the failure that a verdict throws; `nil` if it throws none.
func failure(_ judge: () throws -> Void) -> AtmosFailure? {
    do {
        try judge()
        return nil
    } catch {
        return error as? AtmosFailure
    }
}
