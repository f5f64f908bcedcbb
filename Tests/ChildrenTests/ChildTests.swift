internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import Children

@Suite(.serialized, .timeLimit(.minutes(2))) struct ChildTests {
    private let guardian: Guardian
    private let folder: String

    init() throws {
        guardian = try Guardian(program: Products.program)
        folder = try Children.Scratch(under: guardian).path
    }

    private func shell(_ script: String, environment: [String: String?] = [:]) -> Command {
        var command = Command("/bin/sh", ["-c", script], environment: environment, in: folder)
        command.output = .file(folder + "/out")
        command.error = .file(folder + "/err")
        return command
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
    }

    /// Waits up to 20 s for `condition` to hold.
    private func wait(_ what: Comment, until condition: () -> Bool) {
        let holds = poll(within: 20, until: condition)
        #expect(holds, what)
    }

    @Test("A child has its folder, its environment, its streams and its exit code")
    func ordinary() throws {
        let child = try Child(
            shell(
                "pwd; echo $COLOUR; echo ${HOME-none}; echo oops >&2; exit 3",
                environment: ["COLOUR": "red", "HOME": nil]),
            under: guardian)
        #expect(child.wait(20) == .exited(3))
        child.killGroup()
        #expect(try text("out") == "\(folder)\nred\nnone\n")
        #expect(try text("err") == "oops\n")
    }

    @Test("A child does not see the MPI environment of this job, and core dumps are disabled")
    func environment() throws {
        setenv("OMPI_COMM_WORLD_RANK", "1", 1)
        defer { unsetenv("OMPI_COMM_WORLD_RANK") }
        let child = try Child(shell("echo ${OMPI_COMM_WORLD_RANK-none}; ulimit -c"), under: guardian)
        #expect(child.wait(20) == .exited(0))
        child.killGroup()
        #expect(try text("out") == "none\n0\n")
    }

    @Test("A missing program is reported by name")
    func missing() {
        let error = #expect(throws: ChildError.self) {
            try Child(Command("/nowhere/Photo.run", in: folder), under: guardian)
        }
        #expect(error?.description.contains("/nowhere/Photo.run") == true)
    }

    @Test("The signal that terminated a child is reported")
    func signalled() throws {
        let child = try Child(shell("kill -FPE $$"), under: guardian)
        #expect(child.wait(20) == .signalled(8))
        child.killGroup()
    }

    @Test("A child that ignores SIGTERM is killed, together with its own children")
    func stubborn() throws {
        let child = try Child(
            shell("trap '' TERM; (trap '' TERM; echo $$; exec sleep 1000) & echo $!; wait; wait"), under: guardian)
        wait("the child has started") { (try? text("out").count(where: \.isNewline)) == 2 }
        let grandchild = try #require(Int32(try text("out").split(separator: "\n").map(String.init).last ?? ""))
        var calls = 0
        let exitStatus = child.end(grace: 0.3) { calls += 1 }
        #expect(exitStatus == .signalled(SIGKILL))
        #expect(calls > 1, "the caller is called back while it waits")
        wait("the grandchild is gone") { !Processes.isAlive(grandchild) && !Processes.isAlive(child.processID) }
    }

    @Test("Processes that a child leaves behind in its group are killed")
    func leftover() throws {
        let child = try Child(shell("sleep 1000 & echo $!"), under: guardian)
        #expect(child.wait(20) == .exited(0))
        let grandchild = try #require(Int32(try text("out").trimmingCharacters(in: .newlines)))
        #expect(Processes.isAlive(grandchild))
        child.killGroup()
        wait("the grandchild is gone") { !Processes.isAlive(grandchild) }
    }

    @Test("Closing the guardian ends children, grandchildren in other sessions, and removes the folder")
    func closing() throws {
        let child = try Child(shell("setsid sleep 1000 & echo $!; sleep 1000"), under: guardian)
        wait("the child has started") { (try? text("out").isEmpty) == false }
        let grandchild = try #require(Int32(try text("out").trimmingCharacters(in: .newlines)))
        guardian.close()
        wait("child and grandchild are gone") { !Processes.isAlive(grandchild) && !Processes.isAlive(child.processID) }
        #expect(!FileManager.default.fileExists(atPath: folder))
        #expect(child.wait(20) == .signalled(SIGKILL))
    }

    @Test("A scratch folder is kept with its links, once")
    func kept() throws {
        let scratch = try Children.Scratch(under: guardian)
        try Data("NaN".utf8).write(to: URL(filePath: scratch.path + "/log"))
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/DATA", withDestinationPath: "/nowhere")
        let kept = folder + "/kept/point-3-17"
        try scratch.keep(at: kept)
        #expect(try String(contentsOfFile: kept + "/log", encoding: .utf8) == "NaN")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: kept + "/DATA") == "/nowhere")
        try scratch.keep(at: kept)
    }

    @Test("A file is written whole, replaces the one before, and errors name it")
    func contents() throws {
        let path = folder + "/contents"
        try FileContents.write([UInt8](repeating: 7, count: 3_000_000), to: path)
        #expect(try Data(contentsOf: URL(filePath: path)) == Data(repeating: 7, count: 3_000_000))
        try FileContents.write("NaN\n".utf8, to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "NaN\n")
        let missing = #expect(throws: ChildError.self) { try FileContents.write([], to: folder + "/none/file") }
        #expect(missing?.description == "cannot write \(folder)/none/file: No such file or directory")
        let full = #expect(throws: ChildError.self) { try FileContents.write([1], to: "/dev/full") }
        #expect(full?.description == "cannot write /dev/full: No space left on device")
    }
}
