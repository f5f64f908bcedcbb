internal import CHDF5

/// An array of numbers, or a piece of text, in a file.
public struct Dataset: ~Copyable, Object {
    private let handle: Handle

    /// The lengths of all dimensions except the first, which never change.
    public let trailing: [Int]

    /// Whether it is one element rather than an array.
    public let isScalar: Bool

    /// The library's identifier.
    public var id: Int64 { handle.id }

    /// Creates the dataset `name` in `parent`.
    ///
    /// - Throws: `HDF5Error` of kind `refused` when the file is open for SWMR writing.
    public init(
        creating name: String, in parent: borrowing some Object & ~Copyable, _ type: borrowing Datatype,
        _ space: borrowing Dataspace, _ creation: borrowing PropertyList
    ) throws(HDF5Error) {
        try parent.refuseUnderSWMR("creating dataset \(name) in \(parent.location)")
        let shape = try space.shape
        let id = try call("creating dataset \(name) in \(parent.location)") {
            H5Dcreate2(
                parent.id, name, type.handle.id, space.handle.id, hdf5_default(), creation.handle.id,
                hdf5_default())
        }
        handle = Handle(id, .dataset)
        trailing = Array(shape.dropFirst())
        isScalar = shape.isEmpty
    }

    /// Opens the dataset at `path` below `parent`.
    public init(opening path: String, in parent: borrowing some Object & ~Copyable) throws(HDF5Error) {
        let action = "opening dataset \(path) in \(parent.location)"
        let opened = Handle(try call(action) { H5Dopen2(parent.id, path, hdf5_default()) }, .dataset)
        let space = Dataspace(owning: try call(action) { H5Dget_space(opened.id) })
        let shape = try space.shape
        handle = opened
        trailing = Array(shape.dropFirst())
        isScalar = shape.isEmpty
    }

    /// The lengths of its dimensions; empty for one element.
    public var shape: [Int] {
        get throws(HDF5Error) { try space("asking \(location) for its shape").shape }
    }

    /// The length of the first dimension; 1 for one element.
    public var count: Int {
        get throws(HDF5Error) { try shape.first ?? 1 }
    }

    /// The type of its elements; `nil` when it is not an ``ElementType``.
    public var elementType: ElementType? {
        get throws(HDF5Error) { try type("asking \(location) for its datatype").elementType }
    }

    /// Sets the length of the first dimension: new rows read as the fill value, rows beyond are lost.
    public func setCount(_ count: Int) throws(HDF5Error) {
        let lengths = [hsize_t(count)] + trailing.map { hsize_t($0) }
        try call("making \(location) \(count) rows long") { H5Dset_extent(id, lengths) }
    }

    /// Makes visible what a SWMR writer has added since.
    public func refresh() throws(HDF5Error) {
        try call("refreshing \(location)") { H5Drefresh(id) }
    }

    /// Closes the dataset and reports the error that `deinit` has to ignore.
    public consuming func close() throws(HDF5Error) {
        try handle.close("closing a dataset")
    }

    func space(_ action: @autoclosure () -> String) throws(HDF5Error) -> Dataspace {
        Dataspace(owning: try call(action()) { H5Dget_space(id) })
    }

    func type(_ action: @autoclosure () -> String) throws(HDF5Error) -> Datatype {
        Datatype(owning: try call(action()) { H5Dget_type(id) })
    }
}

// MARK: Numbers

extension Dataset {
    /// Writes rows.
    ///
    /// - Parameters:
    ///   - bytes: elements of `element` in memory order, row-major.
    ///   - element: the type of the elements in memory.
    ///   - rows: where they go in the first dimension.
    /// - Precondition: `bytes` has exactly the bytes of these rows.
    /// - Throws: `HDF5Error`.
    public func write(_ bytes: RawSpan, of element: ElementType, rows: Range<Int>) throws(HDF5Error) {
        precondition(bytes.byteCount == rows.count * trailing.reduce(element.size, *), "bytes for the rows")
        guard !rows.isEmpty else { return }
        let file = try space("writing \(location)")
        try file.select(rows: rows, trailing: trailing)
        let memory = try Dataspace([rows.count] + trailing)
        try bytes.withUnsafeBytes { bytes throws(HDF5Error) in
            _ = try call("writing rows \(rows) of \(location)") {
                H5Dwrite(
                    id, element.native, memory.handle.id, file.handle.id, hdf5_default(), bytes.baseAddress)
            }
        }
    }

    /// Writes the whole dataset, row-major.
    public func write<T: Scalar>(_ values: [T]) throws(HDF5Error) {
        let elements = try shape.reduce(1, *)
        precondition(values.count == elements, "a value for each element")
        try call("writing \(location)") {
            H5Dwrite(id, T.elementType.native, hdf5_all(), hdf5_all(), hdf5_default(), values)
        }
    }

    /// Writes the whole dataset of characters, row-major.
    public func write(characters: [UInt8]) throws(HDF5Error) {
        let elements = try shape.reduce(1, *)
        precondition(characters.count == elements, "a byte for each character")
        try call("writing \(location)") {
            H5Dwrite(id, ElementType.character.native, hdf5_all(), hdf5_all(), hdf5_default(), characters)
        }
    }

    /// Reads rows; HDF5 converts between number types where they differ.
    ///
    /// - Parameters:
    ///   - type: the type of the numbers in memory.
    ///   - rows: the rows of the first dimension.
    /// - Returns: the numbers, row-major.
    /// - Throws: `HDF5Error`.
    public func read<T: Scalar>(_ type: T.Type = T.self, rows: Range<Int>) throws(HDF5Error) -> [T] {
        let values = trailing.reduce(rows.count, *)
        guard values > 0 else { return [] }
        return try fill(values) { (start: UnsafeMutablePointer<T>) throws(HDF5Error) in
            try read(rows, as: T.elementType, into: start)
        }
    }

    /// Reads rows as bytes.
    ///
    /// - Parameters:
    ///   - element: the type of the elements in memory.
    ///   - rows: the rows of the first dimension.
    /// - Returns: elements of `element` in memory order, row-major.
    /// - Throws: `HDF5Error`.
    public func readBytes(of element: ElementType, rows: Range<Int>) throws(HDF5Error) -> [UInt8] {
        let bytes = trailing.reduce(rows.count * element.size, *)
        guard bytes > 0 else { return [] }
        return try fill(bytes) { (start: UnsafeMutablePointer<UInt8>) throws(HDF5Error) in
            try read(rows, as: element, into: start)
        }
    }

    private func read(
        _ rows: Range<Int>, as element: ElementType, into start: UnsafeMutableRawPointer
    ) throws(HDF5Error) {
        let file = try space("reading \(location)")
        try file.select(rows: rows, trailing: trailing)
        let memory = try Dataspace([rows.count] + trailing)
        try call("reading rows \(rows) of \(location)") {
            H5Dread(id, element.native, memory.handle.id, file.handle.id, hdf5_default(), start)
        }
    }

    /// Reads the whole dataset, row-major.
    public func read<T: Scalar>(_ type: T.Type = T.self) throws(HDF5Error) -> [T] {
        let values = try shape.reduce(1, *)
        guard values > 0 else { return [] }
        return try fill(values) { (start: UnsafeMutablePointer<T>) throws(HDF5Error) in
            try call("reading \(location)") {
                H5Dread(id, T.elementType.native, hdf5_all(), hdf5_all(), hdf5_default(), start)
            }
        }
    }

    /// Reads a table of characters, shape (count, length), as one text for each row.
    public func readCharacterTable() throws(HDF5Error) -> [String] {
        let shape = try shape
        guard shape.count == 2, shape[0] > 0, shape[1] > 0 else { return [] }
        let bytes: [UInt8] = try fill(shape[0] * shape[1]) { (start: UnsafeMutablePointer<UInt8>) throws(HDF5Error) in
            try call("reading \(location)") {
                H5Dread(id, ElementType.character.native, hdf5_all(), hdf5_all(), hdf5_default(), start)
            }
        }
        return (0..<shape[0]).map { row in
            String(decoding: bytes[(row * shape[1])..<((row + 1) * shape[1])].prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private func fill<T: Scalar>(
        _ count: Int, _ read: (UnsafeMutablePointer<T>) throws(HDF5Error) -> some Any
    ) throws(HDF5Error) -> [T] {
        var failure: HDF5Error?
        let values = [T](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(HDF5Error) {
                _ = try read(buffer.baseAddress!)
                initialized = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return values
    }
}

// MARK: Text

extension Dataset {
    /// Creates a scalar dataset of variable-length UTF-8 text and writes it.
    ///
    /// - Parameters:
    ///   - name: the name in `parent`.
    ///   - parent: a group.
    ///   - text: the text.
    /// - Returns: the dataset.
    /// - Throws: `HDF5Error` of kind `refused` when the file is open for SWMR writing.
    public static func create(
        _ name: String, in parent: borrowing some Object & ~Copyable, text: String
    ) throws(HDF5Error) -> Dataset {
        let dataset = try Dataset(
            creating: name, in: parent, try Datatype(textOf: nil), try .scalar(), try .datasetCreation())
        try dataset.write(text: text)
        return dataset
    }

    /// Writes a scalar dataset of variable-length text.
    ///
    /// - Throws: `HDF5Error` of kind `refused` when the file is open for SWMR writing, under which HDF5 1.10 reports
    ///   success and loses the text.
    public func write(text: String) throws(HDF5Error) {
        try refuseUnderSWMR("writing the text \(location)")
        let type = try type("writing the text \(location)")
        try call("writing the text \(location)") {
            text.withCString { start in
                var pointer: UnsafePointer<CChar>? = start
                return H5Dwrite(id, type.handle.id, hdf5_all(), hdf5_all(), hdf5_default(), &pointer)
            }
        }
    }

    /// Reads a scalar dataset of variable-length text.
    public func readText() throws(HDF5Error) -> String {
        let action = "reading the text \(location)"
        let type = try type(action)
        guard try type.isText, try type.isVariableLength else {
            throw HDF5Error(.refused, action, ["it is not variable-length text"])
        }
        return try readVariableText(try space(action), type, action) {
            H5Dread(id, type.handle.id, hdf5_all(), hdf5_all(), hdf5_default(), $0)
        }
    }
}
