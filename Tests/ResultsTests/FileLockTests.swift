internal import Glibc
internal import Results
internal import TestSupport
internal import Testing

@Suite struct FileLockTests {
    @Test("A second writer is refused and told who the first is")
    func second() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        do {
            let lock = try FileLock(for: path)
            #expect(try scratch.names() == ["rows.h5.lock"])
            let holder = try #require(FileLock.holder(of: path))
            #expect(holder.process == getpid())
            let error = #expect(throws: ResultsError.self) { _ = try FileLock(for: path) }
            #expect(error?.description.contains("written by process \(getpid()) on \(holder.host)") == true)
            #expect(lock.note == nil)
        }
        #expect(try scratch.names() == [])
        #expect(FileLock.holder(of: path) == nil)
    }

    @Test("A lock whose process is gone is taken over with a note")
    func stale() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        // The identifier is ours, the start is not: the identifier was reused.
        leave(path + ".lock", "host elsewhere\nprocess \(getpid())\nstart_ticks 1\njob 4711\nsince yesterday\n")
        #expect(FileLock.holder(of: path) == nil)
        let lock = try FileLock(for: path)
        #expect(
            lock.note == "\(path).lock: taken over from process \(getpid()) on elsewhere, job 4711, since yesterday, "
                + "which is gone")
    }

    @Test("An empty lock file has no holder")
    func empty() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        leave(path + ".lock", "")
        let lock = try FileLock(for: path)
        #expect(lock.note == nil)
    }

    private func leave(_ path: String, _ text: String) {
        let stream = fopen(path, "w")
        fputs(text, stream)
        fclose(stream)
    }
}
