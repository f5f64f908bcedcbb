import Atmospheres
import Clocks
import Foundation
import Testing

@testable import Models

/// Something that a program does wrong at request 1, and what becomes of that point.
struct Misbehaviour: Sendable, CustomTestStringConvertible {
    let name: String
    /// Python; `request` is the request.
    let code: String
    var outcome = Outcome.failed
    var reason = Reason.unreadableAnswer
    /// What the log has to say.
    var says: [String] = []
    var exitCode: Int16 = 0
    /// Seconds; for a flood a busy machine needs a while.
    var limit = 2.0

    var testDescription: String { name }

    static let all: [Misbehaviour] = [
        Misbehaviour(
            name: "prints megabytes", code: #"for _ in range(80000): say("x" * 50 + "\n")"#,
            says: ["invalid JSON at byte 0", "xxxxx"]),
        Misbehaviour(
            name: "prints megabytes without an end of line", code: #"while True: say("x" * 100000)"#,
            says: ["more than 32 MiB"], limit: 60),
        Misbehaviour(
            name: "floods stderr and answers",
            code: #"for _ in range(500): os.write(2, b"e" * 100000)"# + "\nanswer(1)",
            outcome: .stable, reason: .none, limit: 60),
        Misbehaviour(
            name: "floods stderr without an end", code: #"while True: os.write(2, b"e" * 100000)"#, reason: .timedOut,
            says: ["no answer within 2.0 s", "eeeeee"]),
        Misbehaviour(name: "answers out of turn", code: "answer(2)", says: ["the answer has id 2, expected 1"]),
        Misbehaviour(
            name: "answers twice", code: "answer(1); answer(1, 999)", outcome: .stable, reason: .none),
        Misbehaviour(name: "answers endlessly", code: "while True: answer(1)", outcome: .stable, reason: .none),
        Misbehaviour(
            name: "says more after its answer", code: #"answer(1); say("and so on\n" * 100000)"#, outcome: .stable,
            reason: .none),
        Misbehaviour(
            name: "closes stdout", code: "os.close(1); time.sleep(1000)", says: ["closed its standard output"]),
        Misbehaviour(
            name: "ignores TERM", code: "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: time.sleep(1)",
            reason: .timedOut, says: ["no answer within 2.0 s"]),
        Misbehaviour(
            name: "forks grandchildren and ends",
            code: "for _ in range(3): subprocess.Popen(['sh', '-c', 'sleep 1000; :', __file__])\nos._exit(4)",
            reason: .crashed, says: ["ended with exit code 4 instead of answering"], exitCode: 4),
        Misbehaviour(
            name: "writes NaN", code: #"say('{"id": 1, "outcome": "stable", "outputs": {"x": NaN}}\n')"#,
            says: ["NaN is not a number in JSON", "\"x\": NaN"]),
        Misbehaviour(
            name: "writes Infinity in a profile",
            code:
                #"say('{"id": 1, "outcome": "stable", "outputs": {"x": 1}, "profiles": {"t": [1, Infinity, 2]}}\n')"#,
            says: ["Infinity is not a number in JSON"]),
        Misbehaviour(
            name: "is killed", code: "print('no memory', file=sys.stderr, flush=True); os.kill(os.getpid(), 9)",
            reason: .crashed, says: ["was ended by signal 9", "no memory"], exitCode: 137),
        Misbehaviour(
            name: "raises an error", code: "raise ValueError('no such gas')", reason: .crashed,
            says: ["ended with exit code 1", "ValueError: no such gas"], exitCode: 1),
        Misbehaviour(
            name: "leaves its input unread and hangs", code: "time.sleep(1000)", reason: .timedOut,
            says: ["no answer within 2.0 s", "flush"]),
        Misbehaviour(
            name: "removes its scratch folder", code: "import shutil; shutil.rmtree(request['scratch']); answer(1)",
            outcome: .stable, reason: .none),
        Misbehaviour(
            name: "gives a solution that is a pipe",
            code: "os.mkfifo(request['scratch'] + '/s'); answer(1, solution='s')", says: ["not an ordinary file"]),
        Misbehaviour(
            name: "gives a solution from elsewhere", code: "answer(1, solution='/etc/passwd')",
            says: ["not in the scratch folder"]),
        Misbehaviour(
            name: "gives a solution from above", code: "answer(1, solution='../x')", says: ["not in the scratch folder"]
        ),
        Misbehaviour(
            name: "gives a solution that is not there", code: "answer(1, solution='s')", says: ["missing or empty"]),
    ]
}

@Suite("A program as the model", .serialized, .timeLimit(.minutes(5))) struct ProgramModelTests {
    @Test("A program that misbehaves costs its own point only, and leaves nothing running", arguments: Misbehaviour.all)
    func misbehaviour(_ wrong: Misbehaviour) throws {
        let trial = try ProgramTrial(misbehavingBy: wrong.code, "time_limit: \(wrong.limit) s\nwarm_start: true")
        for point: UInt32 in [0, 1, 2, 3] {
            let evaluation = trial.ask(point)
            guard point == 1 else {
                #expect(evaluation.outcome == .stable, "point \(point): \(evaluation.logText)")
                #expect(evaluation.values == [280 + Double(point)])
                #expect(evaluation.profiles == [1, 2, 3])
                continue
            }
            #expect(evaluation.outcome == wrong.outcome, "\(evaluation.logText)")
            #expect(evaluation.reason == wrong.reason, "\(evaluation.logText)")
            #expect(evaluation.exitCode == wrong.exitCode)
            for text in wrong.says { #expect(evaluation.logText.contains(text), "\(evaluation.logText)") }
            #expect(evaluation.log.count < 10_000)
            if wrong.outcome == .stable { #expect(evaluation.values == [281]) }
            if wrong.outcome == .failed { #expect(evaluation.values[0].isNaN && evaluation.solution.isEmpty) }
        }
        #expect(trial.processes(expecting: 1) == 1, "one process, and nothing that the others have left")
        trial.model.close()
        #expect(trial.processes(expecting: 0) == 0)
    }

    @Test("A process that earlier points have spoilt is replaced, and the point is asked again")
    func spoilt() throws {
        // Answers two points, then nothing but nonsense.
        let trial = try ProgramTrial(
            """
            import json, sys
            for i, line in enumerate(sys.stdin):
                id = json.loads(line)["id"]
                print(json.dumps({"id": id, "outcome": "stable", "outputs": {"x": id}}) if i < 2 else "?")
            """)
        for point: UInt32 in 0..<10 {
            let evaluation = trial.ask(point)
            #expect(evaluation.outcome == .stable, "\(evaluation.logText)")
            #expect(evaluation.values == [Double(point)])
        }
    }

    @Test("A request has id, position, gases, the scratch folder, and the parent's solution as a file")
    func request() throws {
        let trial = try ProgramTrial(
            """
            import json, os, sys
            for line in sys.stdin:
                r = json.loads(line)
                text = open(r["parent"]["solution"]).read() if "parent" in r else "none"
                open(os.path.join(r["scratch"], "mine"), "w").write(text + "+")
                ok = os.getcwd() == os.path.realpath(r["scratch"])
                if "parent" in r: ok = ok and r["parent"]["gases"] == r["gases"]
                print(json.dumps({"id": r["id"], "outcome": "stable", "solution": "mine", "message": text,
                    "outputs": {"x": len(text) if ok else -1}}))
            """, "warm_start: true")
        let origin = trial.ask(0)
        #expect(origin.outcome == .stable, "\(origin.logText)")
        #expect(origin.solution == Array("none+".utf8))
        #expect(origin.logText == "none")
        let child = trial.ask(7, from: origin.solution)
        #expect(child.values == [5])
        #expect(child.solution == Array("none++".utf8))
        #expect(
            trial.heard[2].hasPrefix(
                #"-> {"version":2,"id":7,"index":[1],"gases":{"CO2":0.0004,"O2":0.2,"N2":0.7996},"scratch":"/"#))
    }

    @Test("Solutions are neither asked for nor kept without a warm start")
    func coldStart() throws {
        let trial = try ProgramTrial(misbehavingBy: "answer(1, solution='nowhere')")
        #expect(trial.ask(1).outcome == .stable)
        #expect(trial.ask(1).solution.isEmpty)
    }

    @Test("The rank attends to other things, and does not wait for an answer that is no longer wanted")
    func attendance() throws {
        let trial = try ProgramTrial(misbehavingBy: "time.sleep(1000)")
        #expect(trial.ask(0).outcome == .stable)
        let begin = Time.monotonic()
        var looks = 0
        let evaluation = trial.ask(1) {
            looks += 1
            return looks < 5
        }
        #expect(evaluation.outcome == .pending)
        #expect(Time.monotonic() - begin < 30)
        #expect(trial.processes(expecting: 0) == 0)
        #expect(trial.ask(2).values == [282])
    }

    @Test("Threads, variables and the working directory are as the experiment says")
    func surroundings() throws {
        let trial = try ProgramTrial(
            """
            import json, os, sys
            for line in sys.stdin:
                seen = [os.environ[n] for n in ("OMP_NUM_THREADS", "DATA")] + [os.getcwd(), os.environ.get("PMIX_RANK")]
                print(json.dumps({"id": json.loads(line)["id"], "outcome": "unstable", "reason": "too_hot",
                                  "message": str(seen)}))
            """, "cpus: 3\nenvironment: {DATA: /data}\nworking_directory: .")
        let evaluation = trial.ask(0)
        #expect(evaluation.outcome == .unstable)
        #expect(evaluation.reason.name == "too_hot")
        let folder = trial.folder.resolvingSymlinksInPath().path
        #expect(evaluation.logText == "['3', '/data', '\(folder)', None]")
    }

    @Test("A program of version 1 of the messages fails the point with one line that says what to change")
    func versionOne() throws {
        let trial = try ProgramTrial(
            """
            import json, sys
            for line in sys.stdin:
                print(json.dumps({"point": json.loads(line)["id"], "outcome": "unstable"}))
            """)
        let evaluation = trial.ask(0)
        #expect(evaluation.reason == .unreadableAnswer)
        #expect(
            evaluation.logText.split(separator: "\n")[0]
                == "the answer has 'point', as in version 1 of the messages; version 2 answers with the request's 'id'; "
                + "the program wrote: {\"point\": 0, \"outcome\": \"unstable\"}")
    }

    @Test("A hello with other units than the experiment's fails the point, and says which")
    func otherUnits() throws {
        let trial = try ProgramTrial(
            """
            import sys
            print('{"hello": 2, "name": "a", "units": {"x": "degC", "t": "K"}}')
            for line in sys.stdin: pass
            """)
        let evaluation = trial.ask(0)
        #expect(evaluation.reason == .unreadableAnswer)
        #expect(evaluation.logText.contains("'x' in 'degC', but the experiment declares 'K'"))
    }
}
