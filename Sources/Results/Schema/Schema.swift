public import Atmospheres
public import Exploration
public import HDF5

/// The layout of a results file: every dimension, variable and attribute, declared once. The writer, the reader, the
/// check before a file is continued and the estimate of its size are all made from it.
public struct Schema: Sendable {
    /// A group of the file.
    public enum Group: String, Sendable, CaseIterable {
        case root = "/"
        /// How each row was made.
        case run = "/run"
        /// The lattice: a dimension for each explored gas.
        case axes = "/axes"
    }

    /// An attribute and its value.
    public struct Attribute: Sendable, Equatable {
        public let name: String
        public let value: AttributeValue

        init(_ name: String, _ value: AttributeValue) {
            self.name = name
            self.value = value
        }

        init(_ name: String, _ text: String) { self.init(name, .text(text)) }
    }

    /// A dimension with its scale (HDF5 Dimension Scale Specification).
    public struct Dimension: Sendable, Equatable {
        public enum Scale: Sendable, Equatable {
            /// 0, 1, 2 ...: int32.
            case index
            /// The numbers themselves: float64.
            case values([Double])
            /// Only a length: the length of the texts in a table.
            case length
        }

        public let group: Group
        public let name: String
        public let length: Int
        public let scale: Scale
        public let attributes: [Attribute]
    }

    /// A variable with a row for each point.
    public struct Column: Sendable, Equatable {
        /// Where the value of a row comes from.
        public enum Source: Sendable, Equatable {
            case row, status, reason
            /// Number of the gas in the lattice's order.
            case mixingRatio(Int)
            case gridIndex
            /// Number of the quantity in the model's order.
            case quantity(Int)
            /// First number of the profile among those of a point.
            case profile(Int)
            case startedAt, finishedAt, wallTime, worker, host, attempt, exitCode, parent, generation
            /// First byte of the row's bytes in a heap, and their number.
            case heapOffset(Heap), heapLength(Heap)
        }

        public let group: Group
        public let name: String
        public let type: ElementType
        /// Names of the dimensions, `point` first.
        public let dimensions: [String]
        /// Lengths of the dimensions after `point`.
        public let trailing: [Int]
        /// Shape of a chunk.
        public let chunk: [Int]
        /// What a row reads as before it is written.
        public let fill: AttributeValue
        public let attributes: [Attribute]
        public let source: Source

        /// Path in the file: "/run/attempt".
        public var path: String { group == .root ? "/" + name : group.rawValue + "/" + name }

        /// Elements of one row.
        public var elementsPerPoint: Int { trailing.reduce(1, *) }

        /// Bytes of one row.
        public var bytesPerPoint: Int { type.size * elementsPerPoint }

        /// Text of the attribute `name`.
        public func text(_ name: String) -> String? { attributes.first { $0.name == name }?.value.text }
    }

    /// A table of names that is written once: characters, shape (rows, length of the longest).
    public struct NameTable: Sendable, Equatable {
        public let group: Group
        public let name: String
        public let rowDimension: String
        public let lengthDimension: String
        public let names: [String]
        public let attributes: [Attribute]

        /// Bytes of the longest name, at least 1.
        public var length: Int { Swift.max(1, names.map(\.utf8.count).max() ?? 1) }
    }

    public let model: ModelDescription
    public let lattice: Lattice

    /// Every dimension but `point` and those of the table of hosts, in the order of the file.
    public let dimensions: [Dimension]

    /// The columns, in the order of the file; the first is `point`, itself a dimension scale.
    public let columns: [Column]

    /// The heaps that rows of this model may have bytes in.
    public let heaps: [Heap]

    /// The names of the gases, in the order of `grid_index`.
    public let gasNames: NameTable

    /// Attributes of the groups.
    public let groupAttributes: [Group: [Attribute]]

    /// - Parameters:
    ///   - model: gives quantities, profiles and reasons.
    ///   - lattice: gives the gases and the axes.
    /// - Precondition: no two variables have the same name.
    public init(of model: ModelDescription, on lattice: Lattice) {
        self.model = model
        self.lattice = lattice
        var heaps: [Heap] = []
        if model.usesParent { heaps.append(.solution) }
        if model.keepsLogs { heaps.append(.log) }
        self.heaps = heaps
        let columns =
            Self.identity(model) + Self.compositions(lattice) + Self.quantities(model, lattice)
            + Self.profiles(model) + Self.provenance() + Self.heapColumns(heaps)
        precondition(Set(columns.map(\.path)).count == columns.count, "names of variables differ")
        self.columns = columns
        dimensions = Self.rootDimensions(model, lattice) + Self.axisDimensions(lattice)
        gasNames = Self.gasNames(lattice)
        groupAttributes = [.run: Self.runAttributes, .axes: Self.axesAttributes(lattice)]
    }

    /// Bytes that one point adds to an uncompressed file.
    public var bytesPerPoint: Int { columns.reduce(0) { $0 + $1.bytesPerPoint } }

    /// Estimated bytes of an uncompressed file of `points` points: whole chunks, and what the file needs before its
    /// first row.
    public func estimatedBytes(points: Int) -> Int {
        let headers = 2048 * (columns.count + dimensions.count + 8)
        return columns.reduce(headers) { bytes, column in
            let chunks = (points + column.chunk[0] - 1) / column.chunk[0]
            return bytes + chunks * column.chunk[0] * column.bytesPerPoint
        }
    }

    /// The column fed from `source`; `nil` when the model has no such quantity or profile.
    public func column(_ source: Column.Source) -> Column? { columns.first { $0.source == source } }
}
