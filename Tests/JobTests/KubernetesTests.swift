import Atmospheres
import Exploration
import Foundation
import Results
import TestSupport
import Testing

/// The manifests in `jobs/`.
@Suite("On Kubernetes")
struct KubernetesTests {
    @Test(
        "Every manifest is valid",
        .enabled(if: Manifest.obstacle == nil, "\(Manifest.obstacle ?? "")"))
    func valid() throws {
        let scratch = try Scratch()
        let files = try #require(FileManager.default.enumerator(atPath: Manifest.folder)).compactMap { $0 as? String }
            .filter { $0.hasSuffix(".yaml") && !$0.hasPrefix("experiments/") }
        #expect(files.count >= 5, "\(files)")
        for file in files { try Manifest.validate(Manifest.folder + "/" + file, in: scratch) }
        // The check does find mistakes.
        let text = try String(contentsOfFile: Manifest.job, encoding: .utf8)
        for (old, new) in [("slotsPerWorker", "slotPerWorker"), ("restartPolicy: Never", "restartPolicy: Always")] {
            let wrong = try scratch.write("wrong.yaml", text.replacing(old, with: new))
            #expect(throws: (any Error).self) { try Manifest.validate(wrong, in: scratch) }
        }
    }

    @Test(
        "Every variant is valid, each alone and all together",
        .enabled(if: Manifest.obstacle == nil, "\(Manifest.obstacle ?? "")"),
        .enabled(if: Manifest.kustomizeObstacle == nil, "\(Manifest.kustomizeObstacle ?? "")"),
        arguments: [[], ["spot"], ["kueue"], ["atmos"], ["spot", "kueue", "atmos"]])
    func variants(_ components: [String]) throws {
        let scratch = try Scratch()
        let rendered = try Manifest.render(
            components: components, adding: "images: [{name: atmos-frontier, newName: example.org/af, newTag: '9'}]\n",
            in: scratch)
        try Manifest.validate(rendered, in: scratch)
        let text = try String(contentsOfFile: rendered, encoding: .utf8)
        #expect(text.split(separator: "image: example.org/af:9").count == 3, "the image of both roles is replaced")
        for (name, sign) in [("spot", "--min-workers=2"), ("kueue", "queue-name: default"), ("atmos", "/opt/atmos")] {
            #expect(text.contains(sign) == components.contains(name))
        }
    }

    @Test(
        "The experiment in the manifest can be run", .enabled(if: Products.python != nil, "ATMOS_FRONTIER_PYTHON unset")
    )
    func experiment() throws {
        let scratch = try Scratch()
        let job = try Manifest.read(in: scratch)
        let ended = try run([Products.program, "check", try scratch.write("e.yaml", job.experiment)], in: scratch)
        #expect(ended.status == 0, "\(ended.errors)")
    }

    @Test("The results are fetched through a temporary pod")
    func fetch() throws {
        let scratch = try Scratch()
        // Stands in for kubectl: logs its arguments, and answers from /results.
        let stub = try scratch.write(
            "kubectl",
            """
            #!/usr/bin/env bash
            echo "$1 ${2:-}" >>"$0.log"
            case $1 in
              apply) cat >"$0.yaml" ;;
              exec) [[ ${*: -1} == /results/my.h5 ]] && echo whole ;;
            esac
            """)
        chmod(stub, 0o755)
        let fetch = Manifest.folder + "/fetch"
        let path = ["PATH": scratch.folder.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")]
        let ended = try Running([fetch, "my.h5", "mine.h5"], in: scratch, environment: path).end()
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(try String(contentsOfFile: scratch.path("mine.h5"), encoding: .utf8) == "whole\n")
        let asked = try String(contentsOfFile: stub + ".log", encoding: .utf8)
        #expect(
            asked.split(separator: "\n").map { $0.split(separator: " ")[0] } == ["apply", "wait", "exec", "delete"])
        if Manifest.obstacle == nil { try Manifest.validate(stub + ".yaml", in: scratch) }
        let missing = try Running([fetch, "none.h5"], in: scratch, environment: path).end()
        #expect(missing.status != 0)
        #expect(!FileManager.default.fileExists(atPath: scratch.path("none.h5")))
    }
}

/// Runs the command line of `jobs/mpijob.yaml` on simulated hosts: a launcher with rank 0, and workers that it reaches by
/// ssh.
@Suite(
    "The MPIJob's hosts", .serialized, .enabled(if: JobHosts.obstacle == nil, "\(JobHosts.obstacle ?? "")"))
struct MPIJobHostsTests {
    @Test("The job completes when a worker's host is killed")
    func workerKilled() throws {
        let job = try JobHosts()
        let running = try job.start()
        try job.waitUntilBusy(running)
        try ManyHosts.command("kill", "h2")
        let ended = try running.end()
        #expect(ended.status == 0, "\(ended.errors)")
        try job.expectComplete()
    }

    @Test("Deleting the launcher's pod stops the job gracefully; a retry resumes, without a missing worker")
    func launcherDeleted() throws {
        let job = try JobHosts()
        let running = try job.start()
        try job.waitUntilBusy(running)
        try ManyHosts.command("kill", "h2")
        // Process 1 of the pod.
        kill(try #require(Processes.with(job.scratch.path("launch"), job.output).first), SIGTERM)
        let stopped = try running.end()
        #expect(stopped.status == 75, "\(stopped.errors)")
        #expect(try ResultsReader(at: job.output).condition == .closed(.partial))
        let ended = try job.start().end()
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.errors.contains("entrypoint: continuing without h2.mpi.default.svc"), "\(ended.errors)")
        try job.expectComplete()
    }
}

@Suite("The container")
struct ContainerTests {
    private static let isWanted = ProcessInfo.processInfo.environment["CONTAINER_TEST"] != nil

    @Test(
        "The image is built, and runs an experiment on one host, without privileges and as an MPIJob",
        .enabled(
            if: isWanted, "builds Swift and base images, 10 to 30 minutes: run container/test, or set CONTAINER_TEST"))
    func image() throws {
        let ended = try run(
            [Products.repository.appending(path: "container/test").path], in: try Scratch(), within: 3600)
        #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
        print(ended.output)
    }

    @Test("The Apptainer definition installs the packages of the Containerfile, except sshd")
    func packages() throws {
        func packages(_ name: String) throws -> Set<String> {
            let file = Products.repository.appending(path: "container/" + name)
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter {
                !$0.hasPrefix("#")
            }
            let names = /\b(?:lib[a-z0-9-]+|fonts-[a-z-]+|open[a-z]+-[a-z]+|pkg-config)\b/
            return Set(lines.flatMap { $0.matches(of: names).map { String($0.0) } })
        }
        let image = try packages("Containerfile")
        #expect(image.count >= 8, "\(image)")
        #expect(try packages("atmos-frontier.def") == image.subtracting(["openssh-server"]))
    }
}

enum Manifest {
    static let folder = Products.repository.appending(path: "jobs").path
    static let job = folder + "/mpijob.yaml"
    private static let checker = Products.repository.appending(path: "Tests/Tools/manifests/check").path

    /// Why manifests cannot be checked on this machine, or `nil`.
    static var obstacle: String? {
        Products.python == nil ? "ATMOS_FRONTIER_PYTHON unset: jobs/test sets it" : nil
    }

    /// Why variants cannot be rendered on this machine, or `nil`.
    static let kustomizeObstacle: String? = {
        let tried = try? render(components: ["kueue"], in: try Scratch())
        return tried == nil ? "no kubectl that can render kustomize components (1.21 or later)" : nil
    }()

    static func validate(_ path: String, in scratch: Scratch) throws {
        let ended = try run([try #require(Products.python), checker, path], in: scratch)
        guard ended.status == 0 else { throw Invalid(errors: ended.output + ended.errors) }
    }

    struct Invalid: Error { let errors: String }

    /// Renders the job with `components` of `jobs/kustomize`, and returns the path of the manifest.
    static func render(components: [String], adding lines: String = "", in scratch: Scratch) throws -> String {
        // Kustomize allows only relative paths.
        let up = String(repeating: "../", count: scratch.folder.resolvingSymlinksInPath().pathComponents.count - 1)
        let jobs = up + folder.dropFirst()
        let parts = components.map { "\n  - \(jobs)/kustomize/\($0)" }.joined()
        _ = try scratch.write(
            "kustomization.yaml",
            "resources:\n  - \(jobs)\n" + (parts.isEmpty ? "" : "components:\(parts)\n") + lines)
        let ended = try run(["kubectl", "kustomize", scratch.folder.resolvingSymlinksInPath().path], in: scratch)
        guard ended.status == 0 else { throw Invalid(errors: ended.errors) }
        return try scratch.write("rendered.yaml", ended.output)
    }

    struct Job: Decodable {
        let experiment: String
        let arguments: [String]
        let workers: Int
        let slots: Int
    }

    /// Reads `jobs/mpijob.yaml`.
    static func read(in scratch: Scratch) throws -> Job {
        let script = """
            import json, sys, yaml
            config, _, job = yaml.safe_load_all(open(sys.argv[1]))
            roles = job["spec"]["mpiReplicaSpecs"]
            print(json.dumps({
                "experiment": config["data"]["experiment.yaml"],
                "arguments": roles["Launcher"]["template"]["spec"]["containers"][0]["args"],
                "workers": roles["Worker"]["replicas"], "slots": job["spec"]["slotsPerWorker"]}))
            """
        let ended = try run([try #require(Products.python), "-c", script, job], in: scratch)
        try #require(ended.status == 0, "\(ended.errors)")
        return try JSONDecoder().decode(Job.self, from: Data(ended.output.utf8))
    }
}

/// Simulated hosts like the pods of `jobs/mpijob.yaml`, with folders in place of its volumes.
final class JobHosts {
    static var obstacle: String? {
        ManyHosts.obstacle ?? (Products.python == nil ? "ATMOS_FRONTIER_PYTHON unset: jobs/test sets it" : nil)
    }

    let scratch: Scratch
    let output = ManyHosts.work + "/earthlike-2d.h5"
    private let arguments: [String]
    private let lock: Int32

    init() throws {
        scratch = try Scratch()
        lock = ManyHosts.lock()
        chmod(scratch.folder.path, 0o755)
        let job = try Manifest.read(in: scratch)
        let experiment = try scratch.fiveGases(until: "points: 100000")
        try FileManager.default.moveItem(atPath: experiment, toPath: scratch.path("experiment.yaml"))
        let folder = scratch.folder.path
        arguments = job.arguments.map { word in
            // In the image the program is in the PATH of every host.
            guard word != "atmos-frontier" else { return Products.program }
            return word.replacing("/experiment/", with: folder + "/")
                .replacing("/results/", with: ManyHosts.work + "/")
        }
        // The launcher in PATH, as in the image.
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("launch"), withDestinationPath: Manifest.folder + "/launch")
        try ManyHosts.command("make", "\(job.workers)", "\(job.slots)")
    }

    deinit {
        try? ManyHosts.command("remove")
        close(lock)
    }

    func start() throws -> Running {
        let path = "PATH=\(scratch.folder.path):/usr/local/bin:/usr/bin:/bin"
        return try Running(
            [ManyHosts.script, "run", "launcher", "env", path, "ENTRYPOINT_LIMIT=3"] + ManyHosts.quickEnd
                + [Products.repository.appending(path: "container/entrypoint").path] + arguments,
            in: scratch)
    }

    func waitUntilBusy(_ running: Running) throws {
        try running.wait { (try? ResultsReader(at: output).rowCount > 2000) ?? false }
    }

    func expectComplete() throws {
        let reader = try ResultsReader(at: output)
        #expect(reader.condition == .closed(.complete))
        #expect(reader.rowCount == 100_000)
        #expect(Set(try reader.points(on: try reader.lattice()).map(\.key)).count == 100_000)
    }
}
