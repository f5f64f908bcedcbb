internal import Foundation
internal import Glibc

/// The body of the guard process that a ``Guardian`` starts.
public enum GuardProcess {
    /// Reads messages from standard input until its end, then kills what is left and removes the folders.
    ///
    /// - Parameter value: the value of the environment variable ``Guardian/mark`` in the processes to kill.
    public static func run(_ value: String) {
        for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE] { signal(number, SIG_IGN) }
        var groups: Set<Int32> = []
        var folders: [String] = []
        while let line = readLine() {
            guard let space = line.firstIndex(of: " ") else { continue }
            let rest = String(line[line.index(after: space)...])
            switch line[..<space] {
            case "watch": if let group = Int32(rest), group > 1 { groups.insert(group) }
            case "leave": if let group = Int32(rest) { groups.remove(group) }
            case "folder": folders.append(rest)
            default: break
            }
        }
        for group in groups { kill(-group, SIGKILL) }
        // A child that is just being started carries the mark only once it runs: repeat until two scans find nothing.
        var emptyScans = 0
        while emptyScans < 2 {
            let found = processes(markedWith: value)
            for process in found { kill(process, SIGKILL) }
            emptyScans = found.isEmpty ? emptyScans + 1 : 0
            usleep(20_000)
        }
        for folder in folders { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// Returns the processes whose environment has the mark with this value (proc(5), `/proc/pid/environ`).
    private static func processes(markedWith value: String) -> [Int32] {
        let mark = Data("\(Guardian.mark)=\(value)".utf8)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { process in
            // The environment of a zombie is empty.
            guard process != getpid(),
                let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ")
            else { return false }
            return environment.range(of: mark) != nil
        }
    }
}
