internal import Atmospheres
internal import Exploration
internal import HDF5

/// A column of `/run` with one number a row, and where that number comes from.
///
/// To add a column, declare it below and put it in ``Schema/runColumns``. The file, the list of its contents, the copies
/// and the exported table follow.
struct RunColumn: Sendable {
    /// What the columns are filled from: a batch, of which element `i` of both arrays belongs to row `i`.
    struct Batch: Sendable {
        let provenance: [Provenance]
        let evaluations: [Evaluations.Row]
        /// The row of the host table with the host of rank 0 of this launch.
        let firstHost: Int32
    }

    let name: String
    let type: ElementType
    /// What a row reads as before it is written; `nil` for NaN.
    let fill: AttributeValue?
    let attributes: [Schema.Attribute]
    /// Whether the number only says where something is in another array of the file.
    let isReference: Bool
    /// Stores the numbers of some rows of a batch, one after the other.
    let store: @Sendable (Batch, Range<Int>, UnsafeMutableRawPointer) -> Void

    /// Declares a column.
    ///
    /// It is inlined into each declaration so that `number`, called for every row, is known to the optimizer there.
    @inline(__always)
    private init<Number: Scalar>(
        _ name: String, fill: Number? = nil, isReference: Bool = false, _ attributes: [Schema.Attribute],
        _ number: @escaping @Sendable (Batch, Int) -> Number
    ) {
        self.name = name
        type = Number.elementType
        self.fill = fill.map { .scalar($0) }
        self.attributes = attributes
        self.isReference = isReference
        store = { batch, rows, start in
            var offset = 0
            for row in rows {
                start.storeBytes(of: number(batch, row), toByteOffset: offset, as: Number.self)
                offset += MemoryLayout<Number>.size
            }
        }
    }

    /// The path in the file: "/run/attempt".
    var path: String { Schema.GroupName.run.path(name) }

    static let startedAt = RunColumn("started_at", time("start of the evaluation")) { batch, row in
        batch.evaluations[row].startedAt
    }

    static let finishedAt = RunColumn("finished_at", time("end of the evaluation")) { batch, row in
        batch.evaluations[row].startedAt + Double(batch.evaluations[row].wallTime)
    }

    static let wallTime = RunColumn(
        "wall_time", [.init(.units, "s"), .init(.longName, "duration of the evaluation")]
    ) { batch, row in batch.evaluations[row].wallTime }

    static let worker = RunColumn(
        "worker", fill: -1, [.init(.longName, "MPI rank that evaluated the point")]
    ) { batch, row in batch.provenance[row].worker }

    static let host = RunColumn(
        "host", fill: -1, isReference: true,
        [
            .init(.longName, "row of \(HostTable.name) with the host that evaluated the point"),
            .init(.validMin, .scalar(Int32(0))), .init(.comment, "-1 where it is not known."),
        ]
    ) { batch, row -> Int32 in
        let worker = batch.provenance[row].worker
        return worker < 0 ? -1 : batch.firstHost + worker
    }

    static let attempt = RunColumn(
        "attempt", fill: 0, [.init(.longName, "attempts made, this one included")]
    ) { batch, row in batch.provenance[row].attempt }

    static let exitCode = RunColumn(
        "exit_code", fill: 0, [.init(.longName, "exit status of the model's process; 0 for a model without one")]
    ) { batch, row in batch.evaluations[row].exitCode }

    static let parent = RunColumn(
        "parent", fill: -1, [.init(.longName, "point that this one was started from; -1 for the origin")]
    ) { batch, row in Int64(batch.provenance[row].parentRow) }

    static let generation = RunColumn(
        "generation", fill: -1, [.init(.longName, "steps from the origin along parents")]
    ) { batch, row in batch.provenance[row].generation }

    /// Returns the attributes of a time (CF Conventions 1.11, section 4.4).
    private static func time(_ longName: String) -> [Schema.Attribute] {
        [
            .init(.units, "seconds since 1970-01-01T00:00:00Z"), .init(.calendar, "standard"),
            .init(.longName, longName), .init(.comment, "By the clock of the worker's host."),
        ]
    }
}

extension Schema {
    /// The columns of `/run` that every file has, in the order of the file.
    static let runColumns: [RunColumn] = [
        .startedAt, .finishedAt, .wallTime, .worker, .host, .attempt, .exitCode, .parent, .generation,
    ]
}
