internal import Atmospheres
internal import Glibc
internal import HDF5
internal import SystemPackage

extension File {
    /// The number of attempts to open a file that is locked, 20 ms apart: 5 s.
    private static let attempts = 250

    /// Opens a file that another process may have locked for an instant, such as a reader that is opening it.
    static func openedPatiently(
        _ path: String, _ mode: Mode, _ access: borrowing PropertyList
    ) throws(HDF5Error) -> File {
        for attempt in 0... {
            do {
                return try File(opening: path, mode, access)
            } catch {
                guard attempt < attempts, error.systemError == Errno.resourceTemporarilyUnavailable.description else {
                    throw error
                }
                usleep(20_000)
            }
        }
        fatalError("unreachable")
    }

    /// Writes how the run ended, and how many rows have each outcome.
    ///
    /// - Parameters:
    ///   - completion: how the search ended.
    ///   - codes: `status` of every row.
    ///   - lostWorkers: the number of workers lost; `nil` where it is not known.
    ///   - time: the end, seconds since 1970-01-01T00:00:00Z.
    /// - Throws: `HDF5Error`.
    func setClosingAttributes(
        _ completion: Completion, outcomes codes: [Int8], lostWorkers: Int?, at time: Double
    ) throws(HDF5Error) {
        try set([.init(.dateModified, timestamp(time)), .init(.completion, completion.rawValue)])
        for outcome in Outcome.allCases where outcome != .pending {
            let points = codes.reduce(0) { $0 + ($1 == outcome.rawValue ? 1 : 0) }
            try set([.init(.points(outcome), .scalar(Int64(points)))])
        }
        if let lostWorkers { try set([.init(.lostWorkers, .scalar(Int64(lostWorkers)))]) }
    }

    /// Adds a line to the attribute `history`.
    func addToHistory(_ line: String) throws(HDF5Error) {
        let history = try text(.history)
        try set([.init(.history, history.map { $0 + "\n" + line } ?? line)])
    }
}
