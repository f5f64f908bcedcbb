public import Atmospheres
public import Exploration
internal import HDF5

// Columns of the complete rows.
extension ResultsReader {
    /// Returns the code of each row's reason; ``reasonNames()`` has their names.
    public func reasons() throws -> [UInt8] { try column(Schema.RootName.reason.path) }

    /// Returns the name of each code of `reason`.
    public func reasonNames() throws -> [UInt8: String] {
        let reason = try opened.dataset(Schema.RootName.reason.path)
        let codes = try reason.attribute(.flagValues)?.numbers(as: UInt8.self) ?? []
        let names = try reason.text(.flagMeanings)?.split(separator: " ").map(String.init) ?? []
        return Dictionary(zip(codes, names)) { first, _ in first }
    }

    /// Returns the indices on the axes, shape (rows, axes), row-major.
    public func gridIndices() throws -> [Int32] { try column(Schema.RootName.gridIndex.path) }

    /// Returns the position of each row on the lattice of the file.
    ///
    /// - Throws: `ResultsError.foreign` when an index is off its axis.
    public func points(on lattice: Lattice) throws -> [Position] {
        let indices = try gridIndices()
        let axes = lattice.dimensions
        return try rows.indices.map { row in
            let position = indices[row * axes..<(row + 1) * axes].map(Int.init)
            guard lattice.shape.contains(position) else {
                throw ResultsError.foreign(path: path, missing: "position on the lattice for row \(rows[row])")
            }
            return lattice[position]
        }
    }

    /// Returns the row of each row's parent; -1 for the origin.
    public func parents() throws -> [Int] { try column(.parent, as: Int64.self).map { Int($0) } }

    /// Returns the number of steps from the origin along parents.
    public func generations() throws -> [Int32] { try column(.generation) }

    /// Returns the number of attempts made at each point.
    public func attempts() throws -> [Int8] { try column(.attempt) }

    /// Returns the MPI rank that evaluated each row.
    public func workers() throws -> [Int32] { try column(.worker) }

    /// Returns the row of ``hostTable()`` with the host that evaluated each row; -1 where it is not known.
    public func hostRows() throws -> [Int32] { try column(.host) }

    /// Returns the exit status of each row's model process; 0 for a model without one.
    public func exitCodes() throws -> [Int16] { try column(.exitCode) }

    /// Returns the start of each evaluation, seconds since 1970-01-01T00:00:00Z.
    public func startedAt() throws -> [Double] { try column(.startedAt) }

    /// Returns the end of each evaluation, seconds since 1970-01-01T00:00:00Z.
    public func finishedAt() throws -> [Double] { try column(.finishedAt) }

    /// Returns the values of a variable of the root group, in its unit.
    ///
    /// - Parameter name: the name of the variable.
    /// - Returns: the values, NaN where there is none; those of a profile have shape (rows, levels), row-major.
    /// - Throws: `ResultsError.noSuchVariable`, or `HDF5Error`.
    public func values(of name: String) throws -> [Double] {
        guard try Group(opening: Schema.GroupName.root.path, in: opened.file).contains(name) else {
            throw ResultsError.noSuchVariable(path: path, name: name)
        }
        let isCount = try opened.dataset(name).elementType == .int32
        let values = try column(name, as: Double.self)
        return isCount ? values.map { $0 == -1 ? .nan : $0 } : values
    }

    private func column<T: Scalar>(_ column: RunColumn, as type: T.Type = T.self) throws(HDF5Error) -> [T] {
        try self.column(column.path)
    }

    private func column<T: Scalar>(_ path: String, as type: T.Type = T.self) throws(HDF5Error) -> [T] {
        let dataset = try opened.dataset(path)
        let all = try dataset.read(T.self, rows: 0..<rowCount)
        guard !pendingRows.isEmpty else { return all }
        let width = dataset.trailing.reduce(1, *)
        return rows.flatMap { all[$0 * width..<($0 + 1) * width] }
    }
}

/// A column of `/run` as it was read.
public struct RunValues: Sendable {
    private enum Numbers {
        case integers([Int64])
        case float32([Float])
        case float64([Double])
    }

    /// The name of the column.
    public let name: String
    private let numbers: Numbers

    fileprivate init(integers: [Int64], _ name: String) { (self.name, numbers) = (name, .integers(integers)) }
    fileprivate init(float32: [Float], _ name: String) { (self.name, numbers) = (name, .float32(float32)) }
    fileprivate init(float64: [Double], _ name: String) { (self.name, numbers) = (name, .float64(float64)) }

    /// Returns the number of row `row` with the digits needed to read the same number back; empty for NaN.
    public func text(_ row: Int) -> String {
        switch numbers {
        case .integers(let numbers): "\(numbers[row])"
        case .float32(let numbers): numbers[row].isNaN ? "" : "\(numbers[row])"
        case .float64(let numbers): numbers[row].isNaN ? "" : "\(numbers[row])"
        }
    }
}

extension ResultsReader {
    /// Returns the columns of `/run` whose numbers mean something without another array of the file, in the order of the
    /// file.
    public func runValues() throws -> [RunValues] {
        try Schema.runColumns.filter { !$0.isReference }.map { column in
            switch column.type {
            case .float32: RunValues(float32: try self.column(column), column.name)
            case .float64: RunValues(float64: try self.column(column), column.name)
            default: RunValues(integers: try self.column(column), column.name)
            }
        }
    }
}

// Rows as they are in the file, for those that carry rows over: rows without a result are included, and nothing is
// converted.
extension ResultsReader {
    /// Returns the bytes of `rows` in a column, elements of its type, row-major.
    func bytes(of column: Schema.Column, rows: Range<Int>) throws(HDF5Error) -> [UInt8] {
        try opened.dataset(column.path).readBytes(of: column.type, rows: rows)
    }

    /// Returns the numbers of `rows` in the column at `path`, row-major.
    func numbers<T: Scalar>(_ path: String, as type: T.Type = T.self, rows: Range<Int>) throws(HDF5Error) -> [T] {
        try opened.dataset(path).read(T.self, rows: rows)
    }

    /// Returns a global attribute that is a number.
    func number(_ attribute: Schema.AttributeName) throws(HDF5Error) -> Int64? {
        try opened.file.attribute(attribute)?.numbers(as: Int64.self)?.first
    }

    /// Returns how the layout of the file differs from `schema`, in words.
    func differences(from schema: Schema) throws(HDF5Error) -> [String] { try schema.differences(in: opened.file) }
}
