internal import Glibc

/// A stand-in for Atmos: a small program with made-up physics that reads and writes the files of `Photo.run` and
/// `Clima.run` in their formats, so that the model can be tested without Atmos. Its numbers have no meaning.
///
/// - `AtmosStandIn make-tree FOLDER [--variant fdl|vpl] [--copy]` creates a tree, whose executables are links to this
///   program, or copies of it.
/// - Called as `Photo.run` or `Clima.run` it acts as that program in the current folder.
/// - `AtmosStandIn faults` lists its faults; ``Fault`` describes how to request them.
///
/// `ATMOS_STAND_IN_PACE` is the duration of a step in seconds; the default is 0.
@main
struct AtmosStandIn {
    static func main() {
        let arguments = CommandLine.arguments
        do {
            switch (arguments.dropFirst().first, programName()) {
            case ("linger", _): linger()
            case ("make-tree", _): try makeTree(Array(arguments.dropFirst(2)))
            case ("faults", _): for fault in Fault.allCases { print(fault.rawValue, fault.expectedReason) }
            case (_, "Photo.run"): try PhotoStandIn.run()
            case (_, "Clima.run"): try ClimaStandIn.run()
            default: usage()
            }
        } catch let stop as Stop {
            stop.end()
        } catch {
            Console.error("\(error)\n")
            exit(70)
        }
    }

    /// Runs for ten minutes: the process that a faulty program leaves behind.
    private static func linger() { sleep(600) }

    private static func makeTree(_ arguments: [String]) throws {
        var rest = arguments
        var variant = FakeTree.Variant.fdl
        let copies = rest.contains("--copy")
        rest.removeAll { $0 == "--copy" }
        if let option = rest.firstIndex(of: "--variant") {
            guard option + 1 < rest.count, let named = FakeTree.Variant(rawValue: rest[option + 1]) else { usage() }
            variant = named
            rest.removeSubrange(option...option + 1)
        }
        guard rest.count == 1 else { usage() }
        try FakeTree(variant: variant).write(to: rest[0], copyingExecutables: copies)
    }

    private static func usage() -> Never {
        Console.error("usage: AtmosStandIn make-tree FOLDER [--variant fdl|vpl] [--copy] | faults\n")
        exit(64)
    }

    /// The name by which the program was called; a launcher may have set it to something other than the file's.
    private static func programName() -> String {
        let called = CommandLine.arguments[0].split(separator: "/").last.map(String.init) ?? ""
        if called.hasSuffix(".run") { return called }
        return executable().split(separator: "/").last.map(String.init) ?? ""
    }

    /// Returns the absolute path of the running file.
    static func executable() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink("/proc/self/exe", &buffer, Int(PATH_MAX))
        return String(decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
