internal import HDF5

/// The table of hosts in `/run`: a row for each rank of each launch, launch after launch, each in order of rank.
///
/// A run may be resumed on other hosts, so the rank alone does not identify the host. The table grows before SWMR starts
/// and never afterwards; the column `host` says which row belongs to a point.
struct HostTable {
    static let name = "host_name"
    static let rowDimension = "host_row"
    static let lengthDimension = "host_name_strlen"
    static let path = Schema.GroupName.run.path(name)

    private static let attributes: [Schema.Attribute] = [
        .init(.longName, "host of the MPI rank"), .init(.encoding, "utf-8"),
    ]
    private static let rowAttributes: [Schema.Attribute] = [
        .init(.longName, "rank of a launch: the launches follow each other, the ranks of one in their order")
    ]

    /// Everything in `/run` that belongs to the table.
    static let members = [
        Schema.Member(.run, name, "\(rowDimension): text", attributes),
        Schema.Member(.run, rowDimension, "\(rowDimension): int32", rowAttributes),
        Schema.bareDimension(.run, lengthDimension, "length of the longest \(name)"),
    ]

    /// The least number of bytes reserved for a name: most are shorter, and the names of later launches must fit too.
    static let leastLength = 64
    /// The number of rows in a chunk: the ranks of a node or two.
    static let rowsPerChunk = 64

    /// The number of bytes in a name, fixed when the file is created.
    let length: Int

    /// Plans the table for the hosts of the first launch.
    init(for hosts: [String]) { length = max(Self.leastLength, hosts.map(\.utf8.count).max() ?? 0) }

    /// Creates the dimensions of the table.
    func createDimensions(in run: borrowing Group) throws(HDF5Error) {
        let rows = try Dataset(
            creating: Self.rowDimension, in: run, try Datatype(.int32), try Dataspace([0], growing: true),
            try .datasetCreation(chunk: [Self.rowsPerChunk]))
        try rows.makeScale(Self.rowDimension)
        try rows.set(Self.rowAttributes)
        let lengths = try Dataset(
            creating: Self.lengthDimension, in: run, try Datatype(.float32), try Dataspace([length]),
            try .datasetCreation())
        try lengths.makeScale(Schema.nameOfBareDimension(length))
    }

    /// Creates the table, which has no rows yet.
    func create(in run: borrowing Group) throws(HDF5Error) {
        let table = try Dataset(
            creating: Self.name, in: run, try Datatype(.character), try Dataspace([0, length], growing: true),
            try .datasetCreation(chunk: [Self.rowsPerChunk, length]))
        try table.attach(try Dataset(opening: Self.rowDimension, in: run), to: 0)
        try table.attach(try Dataset(opening: Self.lengthDimension, in: run), to: 1)
        try table.set(Self.attributes)
    }

    /// Adds the hosts of a launch; a name too long for the table is truncated.
    ///
    /// - Parameters:
    ///   - hosts: the host of each rank, in order of rank.
    ///   - file: a file that has the table.
    /// - Returns: the row of rank 0.
    /// - Throws: `HDF5Error`.
    @discardableResult
    static func append(_ hosts: [String], to file: borrowing File) throws(HDF5Error) -> Int {
        let run = try Group(opening: Schema.GroupName.run.path, in: file)
        let table = try Dataset(opening: name, in: run)
        let numbers = try Dataset(opening: rowDimension, in: run)
        let first = try table.count
        let rows = first..<first + hosts.count
        let length = table.trailing[0]
        let bytes = hosts.flatMap { host in
            let name = truncate(host, to: length)
            return name + Array(repeating: 0, count: length - name.count)
        }
        try table.setCount(rows.upperBound)
        try table.write(bytes.span.bytes, of: .character, rows: rows)
        let indices = rows.map { Int32($0) }
        try numbers.setCount(rows.upperBound)
        try numbers.write(indices.span.bytes, of: .int32, rows: rows)
        return first
    }

    /// Returns the whole characters at the start of `name` that fit in `length` bytes of UTF-8.
    static func truncate(_ name: String, to length: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for character in name {
            guard bytes.count + character.utf8.count <= length else { break }
            bytes += character.utf8
        }
        return bytes
    }
}
