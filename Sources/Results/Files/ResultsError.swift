/// What is wrong with a results file, in words for the person who started the job.
public enum ResultsError: Error, Equatable, CustomStringConvertible {
    /// There is no such file.
    case notFound(path: String)
    /// There is a file where a new one is to be made.
    case alreadyExists(path: String)
    /// The file is not HDF5.
    case notHDF5(path: String)
    /// The job was killed before the file was complete enough to hold a row.
    case unfinishedCreation(path: String)
    /// An HDF5 file that this program has not written.
    case foreign(path: String, missing: String)
    /// A results file of another experiment or model; each difference in words.
    case layoutDiffers(path: String, differences: [String])
    /// A quantity, profile or text that the file does not have.
    case noSuchVariable(path: String, name: String)
    /// A row that neither exists nor is the next.
    case rowOutOfOrder(row: Int, count: Int)
    /// Another job writes the file.
    case locked(path: String, holder: String, advice: String)
    /// A file in a format that takes no more rows.
    case archived(path: String)
    /// Something in a file that a copy could not hold.
    case notCopied(name: String, reason: String)
    /// The operating system refused.
    case system(action: String, reason: String)

    public var description: String {
        switch self {
        case .notFound(let path): "\(path): there is no such file"
        case .alreadyExists(let path): "\(path): the file exists already, and results are never overwritten"
        case .notHDF5(let path): "\(path): not an HDF5 file"
        case .unfinishedCreation(let path):
            "\(path): a results file whose creation was interrupted; it holds no results and may be removed"
        case .foreign(let path, let missing):
            "\(path): an HDF5 file, but not a results file of atmos-frontier (it has no \(missing))"
        case .layoutDiffers(let path, let differences):
            "\(path): made for another experiment or model: " + differences.joined(separator: "; ")
        case .noSuchVariable(let path, let name): "\(path): the file has no variable \(name)"
        case .rowOutOfOrder(let row, let count):
            "row \(row) was given to a file of \(count) rows, where \(count) is the next"
        case .locked(let path, let holder, let advice): "\(path): written by \(holder); \(advice)"
        case .archived(let path):
            "\(path): an archive, to which no rows are added; make a file of it that can go on: "
                + "atmos-frontier snapshot \(path) FILE"
        case .notCopied(let name, let reason): "\(name): cannot be copied: \(reason)"
        case .system(let action, let reason): "\(action): \(reason)"
        }
    }
}
