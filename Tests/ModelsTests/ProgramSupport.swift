import Atmospheres
import Experiments
import Foundation
import TestSupport
import Testing

@testable import Models

/// A program in Python of a test's own, in a folder that is removed at the end, and the model that runs it.
final class ProgramTrial {
    private let scratch: Scratch
    var folder: URL { scratch.folder }
    var model: ProgramModel
    private(set) var heard: [String] = []

    /// A well-behaved resident program: `request` is the request, and `answer` answers it.
    static let loop = """
        import json, os, signal, subprocess, sys, time
        def say(text): os.write(1, text.encode())
        def answer(id, value=None, **more):
            say(json.dumps(dict(id=id, outcome="stable", outputs={"x": 280 + id if value is None else value},
                profiles={"t": [1, 2, 3]}, **more)) + "\\n")
        def misbehave(request):
        %
        for line in sys.stdin:
            request = json.loads(line)
            if request["id"] == 1: misbehave(request)
            else: answer(request["id"])
        """

    /// - Parameters:
    ///   - script: Python.
    ///   - settings: lines of the model's settings, beside the command, the output `x` and the profile `t`.
    /// - Throws: when the folder or the model cannot be made.
    init(_ script: String, _ settings: String = "") throws {
        scratch = try Scratch()
        try scratch.write("model.py", script)
        let experiment = try Self.experiment(settings, file: scratch.path("a.yaml"))
        let program = try #require(experiment.model as? ProgramSettings)
        model = try ProgramModel(program, for: experiment, on: ModelHost())
        model.guardProgram = Products.program
        model.host.onMessage = { [unowned self] in heard.append(($0 == .request ? "-> " : "<- ") + $1) }
    }

    /// A resident program that misbehaves at request 1 by `lines` of Python.
    convenience init(misbehavingBy lines: String, _ settings: String = "") throws {
        let body = lines.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
        try self.init(Self.loop.replacingOccurrences(of: "%", with: body.joined(separator: "\n")), settings)
    }

    deinit { model.close() }

    static func experiment(_ settings: String = "", file: String = "/tmp/a.yaml") throws -> Experiment {
        try Experiment(
            text: """
                title: a
                origin: {CO2: 4e-4, O2: 0.2}
                filler: N2
                axes: {CO2: {values: [1e-4, 4e-4]}}
                model:
                  name: program
                  command: [python3, ./model.py]
                  outputs: {x: K}
                  profiles: {t: {unit: K, levels: 3}}
                  reasons: [too_hot, too_cold]
                """ + settings.split(separator: "\n").map { "\n  \($0)" }.joined(), file: file,
            models: ModelCatalogue.models, isReserved: { _ in false })
    }

    func ask(_ id: UInt32, from solution: [UInt8]? = nil, attend: () -> Bool = { true }) -> Evaluation {
        var evaluation = Evaluation(of: model.description)
        let composition = Composition(gases: [.co2, .o2, .n2], mixingRatios: [4e-4, 0.2, 0.7996])
        let parent = solution.map { Parent(composition: composition, solution: $0) }
        model.evaluate(
            Inquiry(id: id, indices: [1], composition: composition, parent: parent), into: &evaluation
        ) { _ in attend() }
        return evaluation
    }

    /// Returns how many processes run this trial's script, after waiting up to 10 s for `count`: a killed process takes
    /// some moments to go.
    func processes(expecting count: Int) -> Int {
        _ = poll(within: 10) { running == count }
        return running
    }

    private var running: Int { Processes.with(folder.path).count }
}

extension Evaluation {
    var logText: String { String(decoding: log, as: UTF8.self) }
}
