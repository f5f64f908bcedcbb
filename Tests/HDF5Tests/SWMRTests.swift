internal import Foundation
internal import HDF5
internal import TestSupport
internal import Testing

/// Files that are open for SWMR writing, and what is left of them after a kill: a copy of the bytes stands in for that.
@Suite struct SWMRTests {
    /// Leaves a file as its killed writer would.
    private func makeKilled(_ scratch: Scratch) throws -> [Int32] {
        let values = (0..<50).map { Int32($0 * $0) }
        let file = try scratch.makeFile()
        let rows = try makeRows("rows", of: Int32.self, in: file)
        try file.startSWMRWrite()
        try append(values, to: rows)
        try file.flush()
        try FileManager.default.copyItem(atPath: scratch.path("a.h5"), toPath: scratch.path("killed.h5"))
        return values
    }

    @Test("The file of a killed writer is read live and in no other way, until it is recovered")
    func recovery() throws {
        let scratch = try Scratch()
        let values = try makeKilled(scratch)
        let error = #expect(throws: HDF5Error.self) { _ = try scratch.open("killed.h5") }
        #expect(error?.description.contains("already open for write") == true, "\(error as Any)")
        #expect(throws: HDF5Error.self) { _ = try scratch.open("killed.h5", .readWrite) }
        do {
            let file = try File(opening: scratch.path("killed.h5"), .readLive, try .readingAccess())
            let rows = try Dataset(opening: "rows", in: file)
            try rows.refresh()
            #expect(try rows.read() == values)
        }
        do {
            let file = try File(opening: scratch.path("killed.h5"), .readWrite, try .recoveringFileAccess())
            try file.adoptLength()
            try file.close()
        }
        #expect(try Dataset(opening: "rows", in: scratch.open("killed.h5")).read() == values)
        do {
            let file = try scratch.open("killed.h5", .append)
            try append([Int32(-1)], to: try Dataset(opening: "rows", in: file))
            try file.flush()
            try file.synchronize()
            try file.close()
        }
        #expect(try Dataset(opening: "rows", in: scratch.open("killed.h5")).read() == values + [-1])
    }

    @Test("The formats are told apart by the superblock, and only the newer one is written under SWMR")
    func formats() throws {
        let scratch = try Scratch()
        let live = try scratch.makeFile()
        #expect(try live.superblockVersion == 3)
        let archive = try File(creating: scratch.path("b.h5"), try .archiveAccess(), try .fileCreation())
        #expect(try archive.superblockVersion == 2)
        #expect(throws: HDF5Error.self) { try archive.startSWMRWrite() }
        try archive.close()
        #expect(throws: HDF5Error.self) { _ = try scratch.open("b.h5", .append) }
    }
}
