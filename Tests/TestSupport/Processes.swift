import Foundation

/// The processes of this machine, as /proc shows them.
package enum Processes {
    /// Returns the processes whose command line contains every one of `words`, without this process.
    package static func with(_ words: String...) -> [Int32] {
        all.filter { id in
            guard id != getpid(), let line = commandLine(id) else { return false }
            return words.allSatisfy { line.contains($0) }
        }
    }

    /// Finds the ranks of the job that writes `output`: the program itself, not its launchers.
    ///
    /// - Parameters:
    ///   - output: The results file as it is in the command line.
    ///   - scratch: The working folder of the job, if `output` is relative to it: tests that run at the same time use the
    ///     same names.
    /// - Returns: The ids of their processes.
    package static func ranks(writing output: String, in scratch: Scratch? = nil) -> [Int32] {
        precondition(output.hasPrefix("/") || scratch != nil, "a relative path is the same in every test")
        let folder = scratch?.folder.resolvingSymlinksInPath().path
        return with(output).filter { id in
            guard commandLine(id)?.hasPrefix(Products.program) == true else { return false }
            guard let folder else { return true }
            return (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/cwd")) == folder
        }
    }

    /// Returns the rank of a process that mpirun started.
    package static func rank(of id: Int32) -> Int? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(id)/environ") else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\0")
            .first { $0.hasPrefix("OMPI_COMM_WORLD_RANK=") }.flatMap { Int($0.dropFirst(21)) }
    }

    /// Returns the children of `id`, their children, and so on.
    package static func descendants(of id: Int32) -> [Int32] {
        let parents = Dictionary(
            uniqueKeysWithValues: all.compactMap { child in parent(of: child).map { (child, $0) } })
        var found: [Int32] = []
        var queue = [id]
        while let next = queue.popLast() {
            let children = parents.filter { $0.value == next }.map(\.key)
            found += children
            queue += children
        }
        return found
    }

    /// Returns the process that started `id`, or adopted it.
    package static func parent(of id: Int32) -> Int32? { stat(id).flatMap { Int32($0[1]) } }

    /// Returns whether `id` has not ended; a zombie has.
    package static func isAlive(_ id: Int32) -> Bool { stat(id).map { $0[0] != "Z" } ?? false }

    private static var all: [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
    }

    private static func commandLine(_ id: Int32) -> String? {
        FileManager.default.contents(atPath: "/proc/\(id)/cmdline")
            .map { String(decoding: $0, as: UTF8.self).replacingOccurrences(of: "\0", with: " ") }
            .flatMap { $0.isEmpty ? nil : $0 }
    }

    /// State, parent and the fields after them; the name before them may contain anything.
    private static func stat(_ id: Int32) -> [Substring]? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(id)/stat") else { return nil }
        let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 1 ? fields : nil
    }
}
