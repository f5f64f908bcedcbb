/// Which workers look at the model's files: the first of each host, where rank 0 has not looked itself. The others wait
/// for what it says. A thousand workers that all read and hash an Atmos tree would keep a file system busy.
struct HostChecks {
    private struct Check {
        let checker: Int
        var waiting: [Int] = []
    }

    /// Hosts on which the files are those of rank 0.
    private var checked: Set<String>
    private var underWay: [String: Check] = [:]

    /// - Parameter host: rank 0's own.
    init(host: String) { checked = [host] }

    enum Answer {
        /// The worker looks at the files.
        case look
        /// Somebody has.
        case trust
        /// Somebody is about to.
        case wait
    }

    /// What a worker that has just reported is to do.
    mutating func ask(_ rank: Int, on host: String) -> Answer {
        if checked.contains(host) { return .trust }
        if underWay[host] != nil {
            if !underWay[host]!.waiting.contains(rank) { underWay[host]!.waiting.append(rank) }
            return .wait
        }
        underWay[host] = Check(checker: rank)
        return .look
    }

    /// Takes note that a worker has its model, or never will.
    ///
    /// - Returns: those that waited for that: they are to ask again.
    mutating func end(_ rank: Int, on host: String, isGood: Bool) -> [Int] {
        guard let check = underWay[host], check.checker == rank else { return [] }
        underWay[host] = nil
        if isGood { checked.insert(host) }
        return check.waiting
    }
}
