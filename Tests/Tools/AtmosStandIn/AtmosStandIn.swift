internal import Glibc

/// A stand-in for Atmos: a small program with made-up physics that reads and writes the files of `Photo.run` and
/// `Clima.run` in their formats, so that the driver can be tested without Atmos. Its numbers mean nothing.
///
/// - `AtmosStandIn make-tree FOLDER [--variant fdl|vpl] [--copy]` makes a tree, whose executables are links to this
///   program, or copies of it.
/// - Called as `Photo.run` or `Clima.run` it does that program's work in the current folder.
/// - `AtmosStandIn faults` names the ways in which it can misbehave; ``Fault`` tells how to ask for them.
///
/// `ATMOS_STAND_IN_PACE` gives the seconds that a step takes (otherwise none).
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

    /// Stays for ten minutes: what a misbehaving program leaves behind.
    private static func linger() { sleep(600) }

    private static func makeTree(_ arguments: [String]) throws {
        var rest = arguments
        var variant = FakeTree.Variant.fdl
        let copies = rest.contains("--copy")
        rest.removeAll { $0 == "--copy" }
        if let place = rest.firstIndex(of: "--variant") {
            guard place + 1 < rest.count, let named = FakeTree.Variant(rawValue: rest[place + 1]) else { usage() }
            variant = named
            rest.removeSubrange(place...place + 1)
        }
        guard rest.count == 1 else { usage() }
        try FakeTree(variant: variant).write(to: rest[0], copyingExecutables: copies)
    }

    private static func usage() -> Never {
        Console.error("usage: AtmosStandIn make-tree FOLDER [--variant fdl|vpl] [--copy] | faults\n")
        exit(64)
    }

    /// The name that it was called by; a launcher may have given another than the file's.
    private static func programName() -> String {
        let called = CommandLine.arguments[0].split(separator: "/").last.map(String.init) ?? ""
        if called.hasSuffix(".run") { return called }
        return executable().split(separator: "/").last.map(String.init) ?? ""
    }

    /// Absolute path of the running file.
    static func executable() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink("/proc/self/exe", &buffer, Int(PATH_MAX))
        return String(decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
