internal import Atmospheres
internal import HDF5

/// Bytes of any length that rows may have: solutions to start from, texts to read.
///
/// The bytes of all rows lie one after the other in one array, since HDF5's own arrays of variable length are lost when
/// a SWMR writer is killed, and no reader beside it can see them. Columns say where a row's bytes begin and how many
/// they are. A row that is written anew leaves its old bytes behind.
public enum Heap: String, Sendable, CaseIterable {
    /// What a neighbour may start from.
    case solution
    /// What a person wants to read of a point that failed.
    case log

    /// Name of the array in `/run`, and of the dimension that counts its bytes.
    var name: String { rawValue }
    var dimension: String { rawValue + "_byte" }
    var path: String { Schema.Group.run.rawValue + "/" + name }
    var offsetColumn: String { rawValue + "_offset" }
    var lengthColumn: String { rawValue + "_length" }
    var variables: [String] { [name, dimension] }

    var meaning: String {
        switch self {
        case .solution: "solutions that neighbours start from, as the model keeps them, one after the other"
        case .log: "the end of the model's messages for points that failed, UTF-8, one after the other"
        }
    }

    private var chunk: Int {
        switch self {
        case .solution: 256 << 10
        case .log: 16 << 10
        }
    }

    func create(in run: borrowing Group) throws(HDF5Error) {
        // No variable of its own: it never holds anything, and so takes no room.
        let dimension = try Dataset(
            creating: dimension, in: run, try Datatype(.int8), try Dataspace([0], growing: true),
            try .datasetCreation(chunk: [chunk]))
        try dimension.makeScale(Schema.nameOfBareDimension(0))
        let bytes = try Dataset(
            creating: name, in: run, try Datatype(.uint8), try Dataspace([0], growing: true),
            try .datasetCreation(chunk: [chunk]))
        try bytes.attach(dimension, to: 0)
        try bytes.setAttribute("long_name", .text(meaning))
    }
}

/// A heap that is open in a file.
final class OpenHeap {
    private let bytes: Dataset
    private let dimension: Dataset
    private let offsets: Dataset
    private let lengths: Dataset
    /// Bytes that are in the file.
    private var count: Int
    private var waiting: [UInt8] = []

    init(_ heap: Heap, in file: borrowing OpenedForReading) throws(HDF5Error) {
        let group = Schema.Group.run.rawValue + "/"
        bytes = try file.dataset(heap.path)
        dimension = try file.dataset(group + heap.dimension)
        offsets = try file.dataset(group + heap.offsetColumn)
        lengths = try file.dataset(group + heap.lengthColumn)
        count = try bytes.count
    }

    init(_ heap: Heap, in file: borrowing File) throws(HDF5Error) {
        let group = Schema.Group.run.rawValue + "/"
        bytes = try Dataset(opening: heap.path, in: file)
        dimension = try Dataset(opening: group + heap.dimension, in: file)
        offsets = try Dataset(opening: group + heap.offsetColumn, in: file)
        lengths = try Dataset(opening: group + heap.lengthColumn, in: file)
        count = try bytes.count
    }

    /// Takes the bytes of a row, to be written with ``commit()``.
    ///
    /// - Returns: where they begin; -1 for none.
    func add(_ row: [UInt8]) -> Int64 {
        guard !row.isEmpty else { return -1 }
        defer { waiting += row }
        return Int64(count + waiting.count)
    }

    /// Writes what waits; before the columns that point to it.
    func commit() throws(HDF5Error) {
        guard !waiting.isEmpty else { return }
        let end = count + waiting.count
        try bytes.setCount(end)
        try dimension.setCount(end)
        let added = waiting
        try bytes.write(added.span.bytes, of: .uint8, rows: count..<end)
        count = end
        waiting = []
    }

    /// The bytes of a row that is in the file.
    func read(row: Int) throws(HDF5Error) -> [UInt8] {
        let offset = Int(try offsets.read(Int64.self, rows: row..<row + 1)[0])
        let length = Int(try lengths.read(Int32.self, rows: row..<row + 1)[0])
        guard offset >= 0, length > 0, offset + length <= count else { return [] }
        return try bytes.readBytes(of: .uint8, rows: offset..<offset + length)
    }
}

/// Where the bytes of each row of a batch are in the heaps; without an entry where no row has any.
struct HeapPlaces {
    private(set) var offsets: [Heap: [Int64]] = [:]
    private(set) var lengths: [Heap: [Int32]] = [:]

    /// Puts the bytes of a batch into `opened`, which belong to `heaps`.
    init(of evaluations: borrowing Evaluations, _ heaps: [Heap], _ opened: [OpenHeap]) {
        for (heap, open) in zip(heaps, opened) {
            let column = heap == .solution ? evaluations.solutions : evaluations.logs
            guard !column.isEmpty else { continue }
            offsets[heap] = column.map { open.add($0) }
            lengths[heap] = column.map { Int32($0.count) }
        }
    }
}
