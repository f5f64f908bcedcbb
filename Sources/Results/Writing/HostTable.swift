internal import HDF5

/// The table of hosts in `/run`: a row for each rank of each launch, the ranks of a launch together and in their order.
///
/// A run may go on elsewhere, so the rank alone does not tell the host. The table grows before SWMR begins and not
/// afterwards; the column `host` says which row is a point's.
struct HostTable {
    static let name = "host_name"
    static let rowDimension = "host_row"
    static let lengthDimension = "host_name_strlen"
    /// Everything in `/run` that belongs to the table.
    static let variables = [name, rowDimension, lengthDimension]
    static let meaning = "host of the MPI rank"
    static let path = Schema.Group.run.rawValue + "/" + name

    /// Bytes of a name at least: most are shorter, and those of a later launch have to fit too.
    static let leastLength = 64
    /// Rows in a chunk: the ranks of a node or two.
    static let rowsPerChunk = 64

    /// Bytes of a name: fixed when the file is made.
    let length: Int

    /// A table for the hosts of the first launch.
    init(for hosts: [String]) { length = max(Self.leastLength, hosts.map(\.utf8.count).max() ?? 0) }

    func createDimensions(in run: borrowing Group) throws(HDF5Error) {
        let rows = try Dataset(
            creating: Self.rowDimension, in: run, try Datatype(.int32), try Dataspace([0], growing: true),
            try .datasetCreation(chunk: [Self.rowsPerChunk]))
        try rows.makeScale(Self.rowDimension)
        try rows.setAttribute(
            "long_name", .text("rank of a launch: the launches follow each other, the ranks of one in their order"))
        let lengths = try Dataset(
            creating: Self.lengthDimension, in: run, try Datatype(.float32), try Dataspace([length]),
            try .datasetCreation())
        try lengths.makeScale(Schema.nameOfBareDimension(length))
    }

    func create(in run: borrowing Group) throws(HDF5Error) {
        let table = try Dataset(
            creating: Self.name, in: run, try Datatype(.character), try Dataspace([0, length], growing: true),
            try .datasetCreation(chunk: [Self.rowsPerChunk, length]))
        try table.attach(try Dataset(opening: Self.rowDimension, in: run), to: 0)
        try table.attach(try Dataset(opening: Self.lengthDimension, in: run), to: 1)
        try table.setAttribute("long_name", .text(Self.meaning))
        try table.setAttribute("_Encoding", .text("utf-8"))
    }

    /// Adds the hosts of a launch, in order of rank; a name too long for the table is cut.
    ///
    /// - Returns: the row of rank 0.
    @discardableResult
    static func append(_ hosts: [String], to file: borrowing File) throws(HDF5Error) -> Int {
        let run = try Group(opening: Schema.Group.run.rawValue, in: file)
        let table = try Dataset(opening: name, in: run)
        let numbers = try Dataset(opening: rowDimension, in: run)
        let first = try table.count
        let rows = first..<first + hosts.count
        let length = table.trailing[0]
        let bytes = hosts.flatMap { host in
            let name = cut(host, to: length)
            return name + Array(repeating: 0, count: length - name.count)
        }
        try table.setCount(rows.upperBound)
        try table.write(bytes.span.bytes, of: .character, rows: rows)
        let indices = rows.map { Int32($0) }
        try numbers.setCount(rows.upperBound)
        try numbers.write(indices.span.bytes, of: .int32, rows: rows)
        return first
    }

    /// As many whole characters of `name` as fit in `length` bytes of UTF-8.
    static func cut(_ name: String, to length: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for character in name {
            guard bytes.count + character.utf8.count <= length else { break }
            bytes += character.utf8
        }
        return bytes
    }
}
