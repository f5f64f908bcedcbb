/// What is wrong with a results file, in words for the person who started the job.
public enum ResultsError: Error, Equatable, CustomStringConvertible {
    /// The file does not exist.
    case notFound(path: String)
    /// A file exists where a new one would be created.
    case alreadyExists(path: String)
    /// The file is not HDF5.
    case notHDF5(path: String)
    /// The job was killed before the file could hold a row.
    case unfinishedCreation(path: String)
    /// An HDF5 file that this program did not write.
    case foreign(path: String, missing: String)
    /// A results file of another experiment or model; each difference in words.
    case layoutDiffers(path: String, differences: [String])
    /// The file does not have a quantity, profile or text.
    case noSuchVariable(path: String, name: String)
    /// A row that neither exists nor is the next one.
    case rowOutOfOrder(row: Int, count: Int)
    /// Another job writes the file.
    case locked(path: String, holder: String, advice: String)
    /// A file in a format that cannot take more rows.
    case archived(path: String)
    /// The file has something that a copy cannot hold.
    case notCopied(name: String, reason: String)
    /// A call to the operating system failed.
    case system(action: String, reason: String)

    /// What is wrong, with which file, and what to do about it.
    public var description: String {
        switch self {
        case .notFound(let path): "\(path): no such file"
        case .alreadyExists(let path): "\(path): the file already exists, and results are never overwritten"
        case .notHDF5(let path): "\(path): not an HDF5 file"
        case .unfinishedCreation(let path):
            "\(path): a results file whose creation was interrupted; it holds no results and may be removed"
        case .foreign(let path, let missing):
            "\(path): an HDF5 file, but not a results file of atmos-frontier (it has no \(missing))"
        case .layoutDiffers(let path, let differences):
            "\(path): made for another experiment or model: " + differences.joined(separator: "; ")
        case .noSuchVariable(let path, let name): "\(path): the file has no variable \(name)"
        case .rowOutOfOrder(let row, let count):
            "row \(row) was given to a file of \(count) rows; the next row is \(count)"
        case .locked(let path, let holder, let advice): "\(path): written by \(holder); \(advice)"
        case .archived(let path):
            "\(path): an archive, which takes no more rows; make a file that can be resumed from it: "
                + "atmos-frontier snapshot \(path) FILE"
        case .notCopied(let name, let reason): "\(name): cannot be copied: \(reason)"
        case .system(let action, let reason): "\(action): \(reason)"
        }
    }
}
