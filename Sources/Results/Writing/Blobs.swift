internal import Atmospheres
internal import HDF5

/// A kind of bytes of any length that a row may have, stored one after the other in an array of `/run`.
///
/// HDF5's own variable-length arrays are lost when a SWMR writer is killed, and a reader beside it cannot see them.
/// Columns say where the bytes of a row begin and how many there are. A row that is written again leaves its old bytes
/// behind.
public enum Blobs: String, Sendable, CaseIterable {
    /// The solution that a neighbour may start from.
    case solution
    /// The log of a point that failed, for people.
    case log

    /// The name of the array in `/run`.
    var name: String { rawValue }
    /// The name of the dimension that counts its bytes.
    var dimension: String { rawValue + "_byte" }
    /// The column with the offset of a row's first byte.
    var offsetColumn: String { rawValue + "_offset" }
    /// The column with the number of a row's bytes.
    var lengthColumn: String { rawValue + "_length" }

    /// The path of the array.
    var path: String { Schema.GroupName.run.path(name) }
    /// The path of the dimension.
    var dimensionPath: String { Schema.GroupName.run.path(dimension) }

    /// The names in `/run`, without the columns.
    var variables: [String] { [name, dimension] }

    /// The array and its dimension, for the list of what a file contains.
    var members: [Schema.Member] {
        [
            .init(.run, name, "\(dimension): uint8", attributes),
            Schema.bareDimension(.run, dimension, "bytes of \(name)"),
        ]
    }

    private var attributes: [Schema.Attribute] {
        let meaning =
            switch self {
            case .solution: "solutions that neighbours start from, as the model keeps them, one after the other"
            case .log: "the end of the model's messages for points that failed, UTF-8, one after the other"
            }
        return [.init(.longName, meaning)]
    }

    private var chunk: Int {
        switch self {
        case .solution: 256 << 10
        case .log: 16 << 10
        }
    }

    /// Creates the array and its dimension.
    func create(in run: borrowing Group) throws(HDF5Error) {
        // The dimension has no variable: its scale never holds anything and takes no space.
        let dimension = try Dataset(
            creating: dimension, in: run, try Datatype(.int8), try Dataspace([0], growing: true),
            try .datasetCreation(chunk: [chunk]))
        try dimension.makeScale(Schema.nameOfBareDimension(0))
        let bytes = try Dataset(
            creating: name, in: run, try Datatype(.uint8), try Dataspace([0], growing: true),
            try .datasetCreation(chunk: [chunk]))
        try bytes.attach(dimension, to: 0)
        try bytes.set(attributes)
    }
}

/// Blobs of one kind, open in a file.
final class OpenBlobs {
    private let bytes: Dataset
    private let dimension: Dataset
    private let offsets: Dataset
    private let lengths: Dataset
    /// The number of bytes in the file.
    private var count: Int
    private var pending: [UInt8] = []

    /// Opens the blobs of a file through `open`, which opens the dataset at a path.
    init(_ blobs: Blobs, _ open: (String) throws(HDF5Error) -> Dataset) throws(HDF5Error) {
        bytes = try open(blobs.path)
        dimension = try open(blobs.dimensionPath)
        offsets = try open(Schema.GroupName.run.path(blobs.offsetColumn))
        lengths = try open(Schema.GroupName.run.path(blobs.lengthColumn))
        count = try bytes.count
    }

    /// Takes the bytes of a row, to be written by ``commit()``.
    ///
    /// - Returns: the offset of the first byte; -1 when there are none.
    func add(_ row: [UInt8]) -> Int64 {
        guard !row.isEmpty else { return -1 }
        defer { pending += row }
        return Int64(count + pending.count)
    }

    /// Writes the bytes taken so far; it comes before the columns that point to them.
    func commit() throws(HDF5Error) {
        guard !pending.isEmpty else { return }
        let end = count + pending.count
        try bytes.setCount(end)
        try dimension.setCount(end)
        let added = pending
        try bytes.write(added.span.bytes, of: .uint8, rows: count..<end)
        count = end
        pending = []
    }

    /// Reads the bytes of a row that is in the file.
    func read(row: Int) throws(HDF5Error) -> [UInt8] {
        let offset = Int(try offsets.read(Int64.self, rows: row..<row + 1)[0])
        let length = Int(try lengths.read(Int32.self, rows: row..<row + 1)[0])
        guard offset >= 0, length > 0, offset + length <= count else { return [] }
        return try bytes.readBytes(of: .uint8, rows: offset..<offset + length)
    }
}

/// Where the bytes of each row of a batch are; without an entry where no row has any.
struct BlobRanges {
    private(set) var offsets: [Blobs: [Int64]] = [:]
    private(set) var lengths: [Blobs: [Int32]] = [:]

    /// Adds the bytes of a batch to `opened`, which are of the kinds `blobs`.
    init(of evaluations: borrowing Evaluations, _ blobs: [Blobs], _ opened: [OpenBlobs]) {
        for (blobs, open) in zip(blobs, opened) {
            let column = blobs == .solution ? evaluations.solutions : evaluations.logs
            guard !column.isEmpty else { continue }
            offsets[blobs] = column.map { open.add($0) }
            lengths[blobs] = column.map { Int32($0.count) }
        }
    }
}
