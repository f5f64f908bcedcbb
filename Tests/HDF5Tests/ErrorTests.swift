internal import HDF5
internal import Testing

@Suite struct ErrorTests {
    @Test("An error says what was being done to what, then the library's own words")
    func words() {
        let error = #expect(throws: HDF5Error.self) {
            _ = try File(opening: "/nowhere/at-all.h5", .read, try .fileAccess())
        }
        #expect(error?.kind == .library)
        #expect(error?.description.hasPrefix("opening /nowhere/at-all.h5: ") == true)
        #expect(error?.description.contains("No such file or directory") == true)
    }

    @Test("The library tells its version at run time")
    func version() {
        #expect(Library.version.split(separator: ".").count == 3)
        #expect(Library.version != "0.0.0")
    }
}
