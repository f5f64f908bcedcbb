import Atmospheres
import Foundation
import Results
import TestSupport
import Testing

/// The folder of a Python that has climt: `.venv-climt`, else the first in PATH; `nil` if none has it.
private let climtFolder: String? = {
    let ours = Products.repository.appending(path: ".venv-climt/bin").path
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    return ([ours] + path).first { folder in
        let process = Process()
        process.executableURL = URL(filePath: "\(folder)/python3")
        process.arguments = ["-c", "import climt"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}()

/// Jobs whose model is an external program.
@Suite("A run with a program", .serialized)
struct ProgramTests {
    /// An experiment of 49 points, at some of which the program misbehaves.
    private static let experiment = """
        title: A program that misbehaves
        origin: {CO2: 0.1, CH4: 0.1}
        axes:
          CO2: {values: [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5]}
          CH4: {values: [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5]}
        attempts: 1
        model:
          name: program
          command: [python3, ./model.py]
          time_limit: 3 s
          start_limit: 5 s
          warm_start: true
          outputs: {x: K}
          profiles: {t: {unit: K, levels: 2}}
        """

    private static let model = """
        import json, os, signal, sys, time
        wrongs = {(0, 6): "hang", (6, 0): "die", (6, 6): "shout", (3, 6): "nan", (6, 3): "close", (0, 0): "twice"}
        for line in sys.stdin:
            r = json.loads(line)
            a, b = r["index"]
            depth = open(r["parent"]["solution"]).read() if "parent" in r else ""
            open("s", "w").write(depth + "+")
            answer = json.dumps({"id": r["id"], "outcome": "stable", "outputs": {"x": 10 * a + b + len(depth) / 100},
                                 "profiles": {"t": [a, b]}, "solution": "s"})
            wrong = wrongs.get((a, b))
            if wrong == "hang":
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                os.fork()
                while True: time.sleep(1)
            if wrong == "die": os.abort()
            if wrong == "shout": print("x" * 10_000_000)
            if wrong == "nan": answer = answer.replace('"x": ', '"x": NaN, "y": ')
            if wrong == "close":
                os.close(1)
                time.sleep(1000)
            print(answer)
            if wrong == "twice": print(answer)
            time.sleep(float(os.environ.get("DELAY", "0")))
        """

    private func contents(of path: String) throws -> [UInt64: Finding] { try findings(in: path, of: ["x"]) }

    @Test("Points at which the program misbehaves fail with their own reason, for any number of ranks")
    func misbehaving() throws {
        let scratch = try Scratch()
        _ = try scratch.write("model.py", Self.model)
        let experiment = try scratch.write("a.yaml", Self.experiment)
        var reference: [UInt64: Finding]?
        for ranks in [1, 3] {
            let output = "\(ranks).h5"
            let launcher = ranks == 1 ? [] : Program.mpirun(ranks)
            let ended = try run(
                launcher + [Products.program, "run", experiment, "-o", output], in: scratch)
            #expect(ended.status == 0, "\(ended.errors)")
            for text in ["points    49: 44 stable, 5 failed", "1 timed_out", "1 crashed", "3 unreadable_answer"] {
                #expect(ended.output.contains(text), "\(text) in \(ended.output)")
            }
            let found = try contents(of: scratch.path(output))
            #expect(found.count == 49)
            if let reference { #expect(found == reference) }
            reference = found
        }
        #expect(Processes.with(scratch.folder.path + "/model.py").isEmpty, "nothing is left running")
    }

    @Test("Killed ranks leave no process behind, and the resumed run equals an undisturbed one")
    func killed() throws {
        let scratch = try Scratch()
        _ = try scratch.write("model.py", Self.model)
        let experiment = try scratch.write("a.yaml", Self.experiment)
        let command = Program.mpirun(3) + [Products.program, "run", experiment, "-o"]
        let undisturbed = try run(command + ["undisturbed.h5"], in: scratch)
        #expect(undisturbed.status == 0, "\(undisturbed.errors)")

        let running = try Running(command + ["killed.h5"], in: scratch, environment: ["DELAY": "0.2"])
        try running.wait { (try? contents(of: scratch.path("killed.h5")).count > 10) == true }
        let ranks = Processes.ranks(writing: "killed.h5", in: scratch)
        #expect(ranks.count == 3)
        for rank in ranks { kill(rank, SIGKILL) }
        _ = try running.end()
        let deadline = ContinuousClock.now + .seconds(20)
        while !Processes.with(scratch.folder.path + "/model.py").isEmpty, ContinuousClock.now < deadline {
            Thread.sleep(forTimeInterval: 0.1)
        }
        #expect(Processes.with(scratch.folder.path + "/model.py").isEmpty, "no program outlives its rank")
        let before = try contents(of: scratch.path("killed.h5")).count
        #expect(before < 49)

        let resumed = try run(command + ["killed.h5"], in: scratch)
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try contents(of: scratch.path("killed.h5")) == contents(of: scratch.path("undisturbed.h5")))
    }

    @Test("A changed program cannot resume the results of the earlier one")
    func changedProgram() throws {
        let scratch = try Scratch()
        _ = try scratch.write("model.py", Self.model)
        let experiment = try scratch.write("a.yaml", Self.experiment + "\nstop: {points: 5}")
        let command = [Products.program, "run", experiment, "-o", "a.h5"]
        _ = try run(command, in: scratch)
        _ = try scratch.write("model.py", Self.model + "# changed")
        let ended = try run(command, in: scratch)
        #expect(ended.status == 65)
        #expect(ended.errors.contains("model.command[2] sha256"), "\(ended.errors)")
    }

    @Test("A run ends when every point fails, and reports why the last one did")
    func hopeless() throws {
        let scratch = try Scratch()
        _ = try scratch.write("model.py", "raise ImportError('no climate here')")
        let text = Self.experiment.replacingOccurrences(of: "attempts: 1", with: "attempts: 100")
        let experiment = try scratch.write("a.yaml", text)
        let ended = try run(
            Program.mpirun(2) + [Products.program, "run", experiment, "-o", "a.h5"], in: scratch)
        #expect(ended.errors.contains("crashed"), "\(ended.errors)")
        #expect(ended.errors.contains("ended with exit code 1 instead of answering"), "\(ended.errors)")
    }

    @Test(
        "try shows the messages, the answer and the time",
        arguments: [
            (
                ["--at", "CO2=0.2,CH4=0.3"], 0,
                [
                    "->  {\"version\":2,\"id\":0,\"index\":[3,4]", "stable", "x 34.0 K", "t 3.0 ... 4.0 K, 2 levels",
                    "solution  1 bytes",
                ]
            ),
            (
                ["--from", "origin", "--at", "CO2=0.2"], 0,
                ["parent    CO2 0.1, CH4 0.1", "from      the parent's solution, 1 bytes", "x 32.01 K"]
            ),
            (
                ["--at", "CO2=0.5,CH4=0"], 1,
                ["failed, crashed", "log       the program was ended by signal 6 instead of answering"]
            ),
            (["--repeat", "3"], 0, ["\"id\":2"]),
            (["--at", "CO3=1"], 64, ["unknown gas 'CO3'"]),
            (["--at", "CO2=0.5,CH4=0.6"], 64, ["more than 1"]),
        ] as [([String], Int32, [String])])
    func tried(options: [String], status: Int32, says: [String]) throws {
        let scratch = try Scratch()
        _ = try scratch.write("model.py", Self.model)
        let experiment = try scratch.write("a.yaml", Self.experiment)
        let ended = try run([Products.program, "try", experiment] + options, in: scratch)
        #expect(ended.status == status, "\(ended.errors)")
        for text in says { #expect((ended.output + ended.errors).contains(text), "\(text) in \(ended.output)") }
        #expect(Processes.with(scratch.folder.path + "/model.py").isEmpty)
    }

    @Test(
        "Messages are valid by the published schema",
        .enabled(if: Products.python != nil, "ATMOS_FRONTIER_PYTHON is not set: run jobs/test"))
    func schema() throws {
        let scratch = try Scratch()
        _ = try scratch.write("model.py", "print('{\"hello\": 2, \"name\": \"a\"}')\n" + Self.model)
        let experiment = try scratch.write("a.yaml", Self.experiment)
        var lines = ""
        for options in [["--from", "origin", "--at", "CO2=0.2"], ["--at", "CO2=0.2,CH4=0.5"]] {
            lines += try run([Products.program, "try", experiment] + options, in: scratch).output
        }
        lines += try run([Products.program, "try", Program.example("shell-1d"), "--at", "CO2=0"], in: scratch).output
        _ = try scratch.write("lines", lines)
        let schema = Products.repository.appending(path: "jobs/programs/message.schema.json").path
        let script = try scratch.write(
            "check.py",
            """
            import json, jsonschema, sys
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            lines = [line[4:] for line in open("lines") if line[:4] in ("->  ", "<-  ")]
            # JSON has no NaN, which Python's reader takes all the same.
            def refuse(word): raise ValueError(word)
            verdicts = []
            for line in lines:
                try: verdicts.append(validator.is_valid(json.loads(line, parse_constant=refuse)))
                except ValueError: verdicts.append(False)
            print(len(lines), [i for i, good in enumerate(verdicts) if not good])
            """)
        let checked = try run([try #require(Products.python), script, schema], in: scratch)
        // Two requests with a hello and two answers; a request with a hello and an answer with NaN; two in shell.
        #expect(checked.output == "10 [7]\n", "\(checked.output) \(checked.errors) \(lines)")
    }

    @Test("try keeps the scratch folder in the given folder")
    func kept() throws {
        let scratch = try Scratch()
        _ = try scratch.write("model.py", Self.model.replacing("\"s\"", with: "\"state\"", maxReplacements: 1))
        let experiment = try scratch.write("a.yaml", Self.experiment)
        let ended = try run(
            [Products.program, "try", experiment, "--at", "CO2=0.5,CH4=0", "--keep", "kept"], in: scratch)
        #expect(ended.status == 1)
        #expect(ended.output.contains("kept as kept/point-6-0"), "\(ended.output)")
        #expect(try String(contentsOfFile: scratch.path("kept/point-6-0/state"), encoding: .utf8) == "+")
    }

    @Test("try also evaluates with the embedded model")
    func triedEmbedded() throws {
        let scratch = try Scratch()
        let ended = try run([Products.program, "try", Program.example("earthlike-2d"), "--at", "CO2=1 %"], in: scratch)
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.output.contains("surface_temperature 304.1"), "\(ended.output)")
    }

    @Test(
        "The shell example runs as it is, with one process per point",
        arguments: [["try"], ["run", "--output", "a.h5"]])
    func shell(words: [String]) throws {
        let scratch = try Scratch()
        let ended = try run(
            [Products.program, words[0], Program.example("shell-1d")] + words.dropFirst(), in: scratch)
        #expect(ended.status == 0, "\(ended.errors)")
        let says = words[0] == "try" ? "surface_temperature 288.0 K" : "points    101: 100 stable, 1 unstable"
        #expect(ended.output.contains(says), "\(ended.output)")
    }

    @Test(
        "The radiative-convective column maps CO2 and CH4, warms by 2 to 3 K for doubled CO2, and resumes to the bit",
        .enabled(if: climtFolder != nil, "no Python has climt: see jobs/programs/requirements.txt"))
    func column() throws {
        let scratch = try Scratch()
        let path = try #require(climtFolder) + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
        let command = Program.mpirun(3) + [Products.program, "run", Program.example("radiative-convective-2d"), "-o"]
        let undisturbed = try Running(command + ["a.h5"], in: scratch, environment: ["PATH": path]).end(within: 600)
        #expect(undisturbed.status == 0, "\(undisturbed.errors)")
        let reader = try ResultsReader(at: scratch.path("a.h5"))
        let (carbonDioxide, methane) = (
            try reader.values(of: "co2_mixing_ratio"), try reader.values(of: "ch4_mixing_ratio")
        )
        let (surface, net) = (try reader.values(of: "surface_temperature"), try reader.values(of: "toa_net_flux"))
        func temperature(_ ratio: Double) throws -> Double {
            surface[try #require(carbonDioxide.indices.first { carbonDioxide[$0] == ratio && methane[$0] == 1.63e-6 })]
        }
        let origin = try temperature(4e-4)
        #expect(abs(origin - 288) < 0.02)
        let response = try temperature(8e-4) - origin
        #expect((2...3).contains(response), "\(response) K for doubled CO2")
        #expect(carbonDioxide.count > 100)
        let stable = reader.outcomes.indices.filter { reader.outcomes[$0] == .stable }
        #expect(stable.count > 100)
        #expect(stable.allSatisfy { abs(net[$0]) < 0.01 })
        let dump = try run(["ncdump", "-v", "air_temperature", "a.h5"], in: scratch)
        #expect(dump.output.contains("float air_temperature(point, level)") && dump.output.contains("286.6"))

        let running = try Running(command + ["b.h5"], in: scratch, environment: ["PATH": path])
        let names = ["surface_temperature", "toa_net_flux", "outgoing_longwave_radiation"]
        try running.wait(within: 300) { (try? findings(in: scratch.path("b.h5"), of: names).count > 40) == true }
        for rank in Processes.ranks(writing: "b.h5", in: scratch) { kill(rank, SIGKILL) }
        _ = try running.end()
        let resumed = try Running(command + ["b.h5"], in: scratch, environment: ["PATH": path]).end(within: 600)
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(
            try findings(in: scratch.path("a.h5"), of: names) == findings(in: scratch.path("b.h5"), of: names))
        print("column: \(origin) K at the origin, \(response) K for doubled CO2, \(undisturbed.seconds) s for the map")
    }
}
