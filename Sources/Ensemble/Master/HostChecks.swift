/// Decides which workers check the model's files: one per host other than rank 0's, which rank 0 has checked. The others
/// wait for its answer. If a thousand workers all read and hashed an Atmos tree, the file system would be busy with
/// that.
struct HostChecks {
    private struct Check {
        let checker: Int
        var waiting: [Int] = []
    }

    /// Hosts whose files are those of rank 0.
    private var checked: Set<String>
    private var inProgress: [String: Check] = [:]

    /// - Parameter host: rank 0's own.
    init(host: String) { checked = [host] }

    enum Answer {
        /// The worker checks the files.
        case check
        /// The files have been checked.
        case trust
        /// Another worker is checking the files.
        case wait
    }

    /// Returns what a worker that has just reported is to do.
    mutating func ask(_ rank: Int, on host: String) -> Answer {
        if checked.contains(host) { return .trust }
        if inProgress[host] != nil {
            if !inProgress[host]!.waiting.contains(rank) { inProgress[host]!.waiting.append(rank) }
            return .wait
        }
        inProgress[host] = Check(checker: rank)
        return .check
    }

    /// Ends a worker's check: it has its model, or never will.
    ///
    /// - Parameters:
    ///   - rank: the worker.
    ///   - host: its host.
    ///   - isGood: whether it has its model.
    /// - Returns: the workers that waited for this one; they have to ask again.
    mutating func end(_ rank: Int, on host: String, isGood: Bool) -> [Int] {
        guard let check = inProgress[host], check.checker == rank else { return [] }
        inProgress[host] = nil
        if isGood { checked.insert(host) }
        return check.waiting
    }
}
