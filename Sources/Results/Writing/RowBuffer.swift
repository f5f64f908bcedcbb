internal import Atmospheres
internal import Exploration
internal import HDF5

/// Rows on their way to the file: bytes for each column of the schema. The memory is reused to avoid allocation.
struct RowBuffer {
    private let columns: [Schema.Column]
    private let widths: [Int]
    private let lattice: Lattice
    /// The row of the host table with the host of rank 0 of this launch.
    private let firstHost: Int32
    private var slabs: [[UInt8]]
    private var capacity = 0
    private var composition: Composition
    private var ratios: [Double] = []
    private var indices: [Int32] = []
    private var position: [Int] = []

    /// The row of the file for each row of the buffer.
    private(set) var rows: [Int] = []

    init(_ schema: Schema, firstHost: Int) {
        self.firstHost = Int32(firstHost)
        columns = schema.columns
        widths = columns.map(\.bytesPerPoint)
        lattice = schema.lattice
        slabs = columns.map { _ in [] }
        composition = lattice.blankComposition()
    }

    var count: Int { rows.count }
    var isEmpty: Bool { rows.isEmpty }

    mutating func removeAll() { rows.removeAll(keepingCapacity: true) }

    /// Adds the rows `range` of a batch; element `i` of both arguments belongs to row `i`.
    mutating func append(
        _ provenance: [Provenance], _ evaluations: borrowing Evaluations, _ blobs: BlobRanges, _ range: Range<Int>
    ) {
        let first = rows.count
        for i in range { rows.append(provenance[i].row) }
        reserve(rows.count)
        put(provenance, evaluations, blobs, range, at: first)
    }

    /// Replaces row `slot` of the buffer by row `i` of a batch.
    mutating func replace(
        _ slot: Int, _ provenance: [Provenance], _ evaluations: borrowing Evaluations, _ blobs: BlobRanges, _ i: Int
    ) {
        put(provenance, evaluations, blobs, i..<i + 1, at: slot)
    }

    /// Passes the bytes of one column, all rows or some, to `body`.
    func withBytes<E: Error>(
        _ column: Int, _ rows: Range<Int>? = nil, _ body: (RawSpan) throws(E) -> Void
    ) throws(E) {
        let rows = rows ?? 0..<count
        let (slab, width) = (slabs[column], widths[column])
        let bytes = slab.span.bytes
        try body(bytes.extracting(rows.lowerBound * width..<rows.upperBound * width))
    }

    private mutating func reserve(_ rows: Int) {
        guard rows > capacity else { return }
        capacity = Swift.max(rows, 2 * capacity, 64)
        for column in slabs.indices {
            slabs[column].append(
                contentsOf: repeatElement(0, count: capacity * widths[column] - slabs[column].count))
        }
    }

    private mutating func put(
        _ provenance: [Provenance], _ evaluations: borrowing Evaluations, _ blobs: BlobRanges, _ range: Range<Int>,
        at first: Int
    ) {
        locate(provenance, range)
        let (gases, axes) = (composition.gases.count, lattice.dimensions)
        let (low, ratios, indices) = (range.lowerBound, ratios, indices)
        let rows = evaluations.rows
        let (values, valueCount) = (evaluations.values, evaluations.valueCount)
        let (profiles, profileLength) = (evaluations.profiles, evaluations.profileLength)
        let batch = RunColumn.Batch(provenance: provenance, evaluations: rows, firstHost: firstHost)
        for (column, declaration) in columns.enumerated() {
            switch declaration.source {
            case .row: fill(column, range, first) { Int64(provenance[$0].row) }
            case .status: fill(column, range, first) { rows[$0].outcome.rawValue }
            case .reason: fill(column, range, first) { rows[$0].reason }
            case .mixingRatio(let gas): fill(column, range, first) { ratios[($0 - low) * gases + gas] }
            case .gridIndex:
                fill(column, range, first, each: axes) { indices[($0 - low) * axes + $1] }
            case .quantity(let index):
                store(declaration.type, column, range, first, each: 1) { row, _ in values[row * valueCount + index] }
            case .profile(let offset):
                store(declaration.type, column, range, first, each: declaration.elementsPerPoint) { row, level in
                    Double(profiles[row * profileLength + offset + level])
                }
            case .run(let index):
                let offset = first * widths[column]
                slabs[column].withUnsafeMutableBytes { bytes in
                    Schema.runColumns[index].store(batch, range, bytes.baseAddress! + offset)
                }
            case .blobOffset(let kind):
                let offsets = blobs.offsets[kind] ?? []
                fill(column, range, first) { offsets.isEmpty ? -1 : offsets[$0] }
            case .blobLength(let kind):
                let lengths = blobs.lengths[kind] ?? []
                fill(column, range, first) { lengths.isEmpty ? 0 : lengths[$0] }
            }
        }
    }

    /// Computes mixing ratios, shape (rows, gases), and indices, shape (rows, axes), of the points of a batch.
    private mutating func locate(_ provenance: [Provenance], _ range: Range<Int>) {
        ratios.removeAll(keepingCapacity: true)
        indices.removeAll(keepingCapacity: true)
        for i in range {
            lattice.decompose(provenance[i].position, into: &position)
            lattice.compose(position, into: &composition)
            ratios.append(contentsOf: composition.mixingRatios)
            for index in position { indices.append(Int32(index)) }
        }
    }

    /// Stores numbers of a model as the type of the column.
    @inline(__always)
    private mutating func store(
        _ type: ElementType, _ column: Int, _ range: Range<Int>, _ first: Int, each: Int,
        _ value: (Int, Int) -> Double
    ) {
        switch type {
        case .float32: fill(column, range, first, each: each) { Float(value($0, $1)) }
        case .int32: fill(column, range, first, each: each) { wholeNumber(value($0, $1)) }
        default: fill(column, range, first, each: each, value)
        }
    }

    @inline(__always)
    private mutating func fill<T: Scalar>(
        _ column: Int, _ range: Range<Int>, _ first: Int, _ value: (Int) -> T
    ) {
        fill(column, range, first, each: 1) { row, _ in value(row) }
    }

    @inline(__always)
    private mutating func fill<T: Scalar>(
        _ column: Int, _ range: Range<Int>, _ first: Int, each: Int, _ value: (Int, Int) -> T
    ) {
        slabs[column].withUnsafeMutableBytes { bytes in
            var offset = first * each * MemoryLayout<T>.size
            for row in range {
                for element in 0..<each {
                    bytes.storeBytes(of: value(row, element), toByteOffset: offset, as: T.self)
                    offset += MemoryLayout<T>.size
                }
            }
        }
    }
}

/// Rounds `value` to a whole number; -1 for NaN, the nearest end of the range for a value beyond it.
func wholeNumber(_ value: Double) -> Int32 {
    value.isNaN ? -1 : Int32(Swift.min(Swift.max(value.rounded(), Double(Int32.min)), Double(Int32.max)))
}
