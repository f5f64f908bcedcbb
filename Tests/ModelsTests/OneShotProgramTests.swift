import Atmospheres
import Clocks
import Foundation
import Testing

@testable import Models

@Suite("A program for each point", .serialized, .timeLimit(.minutes(3))) struct OneShotProgramTests {
    @Test("The request is on standard input and in a file; the answer is on standard output or in a file")
    func ways() throws {
        let trial = try ProgramTrial(
            """
            import json, os, sys
            r = json.load(sys.stdin)
            assert r == json.load(open("request.json")) and sorted(os.listdir(".")) == sorted(
                ["request.json"] + (["parent.solution"] if "parent" in r else []))
            open("left", "w").write("something")
            open("s", "w").write("solution")
            answer = {"outcome": "stable", "outputs": {"x": r["id"]}, "solution": "s"}
            if r["id"] == 1:
                print("progress: 100 %")
                json.dump(answer, open("answer.json", "w"))
            else:
                json.dump(answer, sys.stdout, indent=2)
            """, "mode: one-shot\nwarm_start: true")
        for (point, parent) in [(0, nil), (1, [1, 2]), (2, [UInt8](repeating: 7, count: 200_000))]
            as [(UInt32, [UInt8]?)]
        {
            let evaluation = trial.ask(point, from: parent)
            #expect(evaluation.outcome == .stable, "\(evaluation.logText)")
            #expect(evaluation.values == [Double(point)])
            #expect(evaluation.solution == Array("solution".utf8))
        }
        #expect(trial.processes(expecting: 0) == 0)
    }

    @Test(
        "What goes wrong is the point's outcome",
        arguments: [
            ("sys.exit(3)", Reason.crashed, "ended with exit code 3"),
            (#"print('{"outcome": "stable", "outputs": {"x": 1}}'); sys.exit(2)"#, .crashed, "ended with exit code 2"),
            ("os.kill(os.getpid(), 11)", .crashed, "was ended by signal 11"),
            ("pass", .unreadableAnswer, "without an answer"),
            ("print('hello')", .unreadableAnswer, "the program wrote: hello"),
            (#"print('{"id": 9, "outcome": "unstable"}')"#, .unreadableAnswer, "expected the answer to request 0"),
            (#"print('{"outcome": "unstable"}\n' * 2)"#, .unreadableAnswer, "expected the end"),
            ("while True: print('x' * 100000)", .unreadableAnswer, "more than 32 MiB"),
            ("os.close(1); time.sleep(1000)", .timedOut, "no answer within 2.0 s"),
            ("os.mkfifo('answer.json')", .unreadableAnswer, "not an ordinary file"),
            (
                "signal.signal(signal.SIGTERM, signal.SIG_IGN); subprocess.Popen(['sh', '-c', 'sleep 99; :', __file__])\n"
                    + "time.sleep(1000)", .timedOut, "no answer"
            ),
        ])
    func wrong(code: String, reason: Reason, says: String) throws {
        let trial = try ProgramTrial(
            "import os, signal, subprocess, sys, time\nprint('a word', file=sys.stderr, flush=True)\n" + code,
            "mode: one-shot\ntime_limit: 2 s")
        let evaluation = trial.ask(0)
        #expect(evaluation.outcome == .failed)
        #expect(evaluation.reason == reason)
        #expect(evaluation.logText.contains(says), "\(evaluation.logText)")
        #expect(evaluation.logText.contains("a word"), "standard error is kept: \(evaluation.logText)")
        #expect(trial.processes(expecting: 0) == 0)
    }

    @Test("A grandchild that holds the output does not delay the rank, and is ended")
    func grandchild() throws {
        let trial = try ProgramTrial(
            """
            import subprocess
            subprocess.Popen(['sh', '-c', 'sleep 1000; :', __file__])
            print('{"outcome": "not_converged", "message": "after 3 steps", "outputs": {"x": null}}')
            """, "mode: one-shot\ntime_limit: 30 s")
        let begin = Time.monotonic()
        let evaluation = trial.ask(0)
        #expect(evaluation.outcome == .notConverged, "\(evaluation.logText)")
        #expect(evaluation.logText == "after 3 steps")
        #expect(Time.monotonic() - begin < 20)
        #expect(trial.processes(expecting: 0) == 0)
    }

    @Test("A program that cannot be started fails its point and is named")
    func missing() throws {
        let trial = try ProgramTrial("", "mode: one-shot")
        try FileManager.default.removeItem(at: trial.folder.appending(path: "model.py"))
        let evaluation = trial.ask(0)
        #expect(evaluation.reason == .crashed)
        #expect(evaluation.logText.contains("model.py"), "\(evaluation.logText)")
    }
}
