internal import Glibc
internal import HDF5
internal import TestSupport
internal import Testing

@Suite struct ErrorTests {
    @Test("An error says what was being done to what, then the library's own words")
    func words() {
        let error = #expect(throws: HDF5Error.self) {
            _ = try File(opening: "/nowhere/at-all.h5", .read, try .fileAccess())
        }
        #expect(error?.kind == .library)
        #expect(error?.action == "opening /nowhere/at-all.h5")
        #expect(error?.systemError == "No such file or directory")
        #expect(error?.description == "opening /nowhere/at-all.h5: No such file or directory")
    }

    @Test("Where the operating system says nothing, the library's words are given, the outermost call first")
    func libraryWords() throws {
        let scratch = try Scratch()
        let file = try scratch.makeFile()
        let error = #expect(throws: HDF5Error.self) { _ = try Dataset(opening: "missing", in: file) }
        #expect(error?.action == "opening dataset missing in a.h5" && error?.systemError == nil)
        #expect(error?.words.count ?? 0 > 1 && error?.words.last?.contains("missing") == true, "\(error as Any)")
        #expect(error?.description.hasPrefix("opening dataset missing in a.h5: unable to ") == true, "\(error as Any)")
    }

    @Test("A file that is not HDF5 is told from one that is")
    func notHDF5() throws {
        let scratch = try Scratch()
        try scratch.write("text.h5", "not HDF5")
        try scratch.makeFile().close()
        #expect(File.isHDF5(scratch.path("a.h5")) && !File.isHDF5(scratch.path("text.h5")))
        #expect(!File.isHDF5(scratch.path("missing.h5")))
        let error = #expect(throws: HDF5Error.self) { _ = try scratch.open("text.h5") }
        #expect(error?.description.contains("file signature not found") == true, "\(error as Any)")
    }

    @Test("The library tells its version at run time")
    func version() {
        #expect(Library.version.split(separator: ".").count == 3)
        #expect(Library.version != "0.0.0")
    }
}
