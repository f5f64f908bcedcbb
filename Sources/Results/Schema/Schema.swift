public import Atmospheres
public import Exploration
internal import HDF5

/// The layout of a results file: every dimension, variable and attribute, declared once.
///
/// The writer, the reader, the check before a file is continued, the list of what a file contains and the estimate of
/// its size all use these declarations.
public struct Schema: Sendable {
    /// An attribute and its value.
    public struct Attribute: Sendable, Equatable {
        /// The name in the file.
        public let name: AttributeName
        let value: AttributeValue

        init(_ name: AttributeName, _ value: AttributeValue) {
            self.name = name
            self.value = value
        }

        init(_ name: AttributeName, _ text: String) { self.init(name, .text(text)) }
    }

    /// A dimension with its scale (HDF5 Dimension Scale Specification).
    struct Dimension: Sendable, Equatable {
        /// What the scale of a dimension holds.
        enum Scale: Sendable, Equatable {
            /// 0, 1, 2 ...: int32.
            case index
            /// The numbers themselves: float64.
            case values([Double])
            /// Nothing: only the length counts, which is that of the texts in a table.
            case length
        }

        let group: GroupName
        let name: String
        let length: Int
        let scale: Scale
        let attributes: [Attribute]
    }

    /// A variable with a row for each point.
    public struct Column: Sendable {
        /// Where the values of a row come from.
        enum Source: Sendable, Equatable {
            case row, status, reason
            /// Index of the gas in the order of the lattice.
            case mixingRatio(Int)
            case gridIndex
            /// Index of the quantity in the order of the model.
            case quantity(Int)
            /// Offset of the profile in the profiles of a point.
            case profile(Int)
            /// Index of the column in ``Schema/runColumns``.
            case run(Int)
            /// Offset of the first byte of the row among the blobs, and the number of bytes.
            case blobOffset(Blobs), blobLength(Blobs)
        }

        let group: GroupName
        /// The name in its group.
        public let name: String
        let type: ElementType
        /// The names of the dimensions, `point` first.
        let dimensions: [String]
        /// The lengths of the dimensions after `point`.
        let trailing: [Int]
        /// The shape of a chunk.
        let chunk: [Int]
        /// What a row reads as before it is written.
        let fill: AttributeValue
        let attributes: [Attribute]
        let source: Source

        /// The path in the file: "/run/attempt".
        public var path: String { group.path(name) }

        /// The number of elements in a row.
        var elementsPerPoint: Int { trailing.reduce(1, *) }

        /// The number of bytes in a row.
        var bytesPerPoint: Int { type.size * elementsPerPoint }

        /// The unit, UDUNITS text; empty where there is none.
        public var unit: String { attributes[.units] ?? "" }
    }

    /// A table of names that is written once: characters, shape (rows, length of the longest).
    struct NameTable: Sendable, Equatable {
        let group: GroupName
        let name: String
        let rowDimension: String
        let lengthDimension: String
        let names: [String]
        let attributes: [Attribute]

        /// The number of bytes in the longest name, at least 1.
        var length: Int { Swift.max(1, names.map(\.utf8.count).max() ?? 1) }
    }

    /// The model, which gives quantities, profiles and reasons.
    public let model: ModelDescription

    /// The lattice, which gives the gases and the axes.
    public let lattice: Lattice

    /// Every dimension except `point` and those of the host table and the blobs, in the order of the file.
    let dimensions: [Dimension]

    /// The columns, in the order of the file; the first is `point`, itself a dimension scale.
    public let columns: [Column]

    /// The kinds of blobs that rows of this model may have.
    let blobs: [Blobs]

    /// The formulas of the gases, in the order of `grid_index`.
    let gasNames: NameTable

    /// The attributes of the groups.
    let groupAttributes: [GroupName: [Attribute]]

    /// Lays out the file of a model on a lattice.
    ///
    /// - Parameters:
    ///   - model: gives quantities, profiles and reasons.
    ///   - lattice: gives the gases and the axes.
    /// - Precondition: no two members of the root group have the same name. That the outputs of an outside program have
    ///   no name of ``reservedNames`` is checked when the experiment is read.
    public init(of model: ModelDescription, on lattice: Lattice) {
        self.model = model
        self.lattice = lattice
        var blobs: [Blobs] = []
        if model.usesParent { blobs.append(.solution) }
        if model.keepsLogs { blobs.append(.log) }
        self.blobs = blobs
        columns =
            Self.identity(model) + Self.compositions(lattice) + Self.quantities(model, lattice)
            + Self.profiles(model) + Self.provenance() + Self.blobColumns(blobs)
        dimensions = Self.rootDimensions(model, lattice) + Self.axisDimensions(lattice)
        gasNames = Self.gasNames(lattice)
        groupAttributes = [.run: Self.runAttributes, .axes: Self.axesAttributes(lattice)]
        let names =
            columns.map(\.path) + dimensions.map { $0.group.path($0.name) } + [gasNames.group.path(gasNames.name)]
            + GroupName.allCases.map(\.path)
        precondition(Set(names).count == names.count, "two variables have the same name, or one has a reserved name")
    }

    /// The number of bytes that one point adds to an uncompressed file.
    public var bytesPerPoint: Int { columns.reduce(0) { $0 + $1.bytesPerPoint } }

    /// Estimates the size of an uncompressed file: whole chunks, and what the file needs before its first row.
    ///
    /// - Parameter points: the number of rows.
    /// - Returns: the size in bytes.
    public func estimatedBytes(points: Int) -> Int {
        let headers = 2048 * (columns.count + dimensions.count + 8)
        return columns.reduce(headers) { bytes, column in
            let chunks = (points + column.chunk[0] - 1) / column.chunk[0]
            return bytes + chunks * column.chunk[0] * column.bytesPerPoint
        }
    }
}

extension Sequence<Schema.Attribute> {
    /// The text of the attribute `name`; `nil` when it is missing or not a text.
    subscript(name: Schema.AttributeName) -> String? { first { $0.name == name }?.value.text }
}
