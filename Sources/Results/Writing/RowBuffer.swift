internal import Atmospheres
internal import Exploration
internal import HDF5

/// Rows on their way to the file, a slab of bytes for each column of the schema. The memory is kept and used again.
struct RowBuffer {
    private let columns: [Schema.Column]
    private let widths: [Int]
    private let lattice: Lattice
    /// Row of the table of hosts that rank 0 of this launch has.
    private let firstHost: Int32
    private var slabs: [[UInt8]]
    private var capacity = 0
    private var composition: Composition
    private var ratios: [Double] = []
    private var indices: [Int32] = []
    private var place: [Int] = []

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

    /// Adds the rows `range` of a batch; row `i` of both arguments belongs together.
    mutating func append(
        _ provenance: [Provenance], _ evaluations: borrowing Evaluations, _ places: HeapPlaces, _ range: Range<Int>
    ) {
        let first = rows.count
        for i in range { rows.append(provenance[i].row) }
        reserve(rows.count)
        put(provenance, evaluations, places, range, at: first)
    }

    /// Puts row `i` of a batch in the place of row `position` of the buffer.
    mutating func replace(
        _ position: Int, _ provenance: [Provenance], _ evaluations: borrowing Evaluations, _ places: HeapPlaces,
        _ i: Int
    ) {
        put(provenance, evaluations, places, i..<i + 1, at: position)
    }

    /// Hands the bytes of one column, all rows or one, to `body`.
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
        _ provenance: [Provenance], _ evaluations: borrowing Evaluations, _ places: HeapPlaces, _ range: Range<Int>,
        at first: Int
    ) {
        locate(provenance, range)
        let (gases, axes) = (composition.gases.count, lattice.dimensions)
        let (low, ratios, indices) = (range.lowerBound, ratios, indices)
        let rows = evaluations.rows
        let (values, valueCount) = (evaluations.values, evaluations.valueCount)
        let (profiles, profileLength) = (evaluations.profiles, evaluations.profileLength)
        for (column, declaration) in columns.enumerated() {
            switch declaration.source {
            case .row: fill(column, range, first) { Int64(provenance[$0].row) }
            case .status: fill(column, range, first) { rows[$0].outcome.rawValue }
            case .reason: fill(column, range, first) { rows[$0].reason }
            case .mixingRatio(let gas): fill(column, range, first) { ratios[($0 - low) * gases + gas] }
            case .gridIndex:
                fill(column, range, first, each: axes) { indices[($0 - low) * axes + $1] }
            case .quantity(let number):
                store(declaration.type, column, range, first, each: 1) { row, _ in values[row * valueCount + number] }
            case .profile(let start):
                store(declaration.type, column, range, first, each: declaration.elementsPerPoint) { row, level in
                    Double(profiles[row * profileLength + start + level])
                }
            case .startedAt: fill(column, range, first) { rows[$0].startedAt }
            case .finishedAt: fill(column, range, first) { rows[$0].startedAt + Double(rows[$0].wallTime) }
            case .wallTime: fill(column, range, first) { rows[$0].wallTime }
            case .worker: fill(column, range, first) { provenance[$0].worker }
            case .host:
                let firstHost = firstHost
                fill(column, range, first) { provenance[$0].worker < 0 ? -1 : firstHost + provenance[$0].worker }
            case .attempt: fill(column, range, first) { provenance[$0].attempt }
            case .exitCode: fill(column, range, first) { rows[$0].exitCode }
            case .parent: fill(column, range, first) { Int64(provenance[$0].parentRow) }
            case .generation: fill(column, range, first) { provenance[$0].generation }
            case .heapOffset(let heap):
                let offsets = places.offsets[heap] ?? []
                fill(column, range, first) { offsets.isEmpty ? -1 : offsets[$0] }
            case .heapLength(let heap):
                let lengths = places.lengths[heap] ?? []
                fill(column, range, first) { lengths.isEmpty ? 0 : lengths[$0] }
            }
        }
    }

    /// Computes mixing ratios, shape (rows, gases), and indices, shape (rows, axes), of the points of a batch.
    private mutating func locate(_ provenance: [Provenance], _ range: Range<Int>) {
        ratios.removeAll(keepingCapacity: true)
        indices.removeAll(keepingCapacity: true)
        for i in range {
            lattice.decompose(provenance[i].position, into: &place)
            lattice.compose(place, into: &composition)
            ratios.append(contentsOf: composition.mixingRatios)
            for index in place { indices.append(Int32(index)) }
        }
    }

    /// Stores numbers of a model as the column's type.
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

/// `value` rounded to a whole number; -1 for NaN, the nearest end of the range beyond it.
func wholeNumber(_ value: Double) -> Int32 {
    value.isNaN ? -1 : Int32(Swift.min(Swift.max(value.rounded(), Double(Int32.min)), Double(Int32.max)))
}
