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

    /// Waits until `condition` holds, for 20 s at most.
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
        child.clean()
        #expect(try text("out") == "\(folder)\nred\nnone\n")
        #expect(try text("err") == "oops\n")
    }

    @Test("A child takes itself for no rank of this job, and dumps no core")
    func environment() throws {
        setenv("OMPI_COMM_WORLD_RANK", "1", 1)
        defer { unsetenv("OMPI_COMM_WORLD_RANK") }
        let child = try Child(shell("echo ${OMPI_COMM_WORLD_RANK-none}; ulimit -c"), under: guardian)
        #expect(child.wait(20) == .exited(0))
        child.clean()
        #expect(try text("out") == "none\n0\n")
    }

    @Test("A program that is not there is an error that names it")
    func missing() {
        let error = #expect(throws: ChildError.self) {
            try Child(Command("/nowhere/Photo.run", in: folder), under: guardian)
        }
        #expect(error?.description.contains("/nowhere/Photo.run") == true)
    }

    @Test("The signal that ended a child is told")
    func signalled() throws {
        let child = try Child(shell("kill -FPE $$"), under: guardian)
        #expect(child.wait(20) == .signalled(8))
        child.clean()
    }

    @Test("A child that does not listen to TERM is ended all the same, with its own children")
    func stubborn() throws {
        let child = try Child(
            shell("trap '' TERM; (trap '' TERM; echo $$; exec sleep 1000) & echo $!; wait; wait"), under: guardian)
        wait("it has started") { (try? text("out").count(where: \.isNewline)) == 2 }
        let grandchild = try #require(Int32(try text("out").split(separator: "\n").map(String.init).last ?? ""))
        var looks = 0
        let ending = child.end(grace: 0.3) { looks += 1 }
        #expect(ending == .signalled(SIGKILL))
        #expect(looks > 1, "who ends a child is not kept from other things")
        wait("the grandchild is gone") { !Processes.isAlive(grandchild) && !Processes.isAlive(child.processID) }
    }

    @Test("What an ended child leaves running in its group is ended")
    func leftover() throws {
        let child = try Child(shell("sleep 1000 & echo $!"), under: guardian)
        #expect(child.wait(20) == .exited(0))
        let grandchild = try #require(Int32(try text("out").trimmingCharacters(in: .newlines)))
        #expect(Processes.isAlive(grandchild))
        child.clean()
        wait("the grandchild is gone") { !Processes.isAlive(grandchild) }
    }

    @Test("When the lifeline ends, so do children, grandchildren in sessions of their own, and the folder")
    func lifeline() throws {
        let child = try Child(shell("setsid sleep 1000 & echo $!; sleep 1000"), under: guardian)
        wait("it has started") { (try? text("out").isEmpty) == false }
        let grandchild = try #require(Int32(try text("out").trimmingCharacters(in: .newlines)))
        guardian.close()
        wait("all are gone") { !Processes.isAlive(grandchild) && !Processes.isAlive(child.processID) }
        #expect(!FileManager.default.fileExists(atPath: folder))
        #expect(child.wait(20) == .signalled(SIGKILL))
    }

    @Test("A scratch folder is kept whole for a person to look into")
    func kept() throws {
        let scratch = try Children.Scratch(under: guardian)
        try Data("NaN".utf8).write(to: URL(filePath: scratch.path + "/log"))
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/DATA", withDestinationPath: "/nowhere")
        let place = folder + "/kept/point-7"
        try scratch.keep(at: place)
        #expect(try String(contentsOfFile: place + "/log", encoding: .utf8) == "NaN")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: place + "/DATA") == "/nowhere")
        try scratch.keep(at: place)
    }
}
