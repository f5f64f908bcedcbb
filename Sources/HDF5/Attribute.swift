internal import CHDF5

/// The value of an attribute: one number, a list of numbers, or text.
public struct AttributeValue: Sendable, Equatable {
    enum Shape: Sendable, Equatable {
        case scalar, list, text
    }

    /// The type of the numbers, or `character` for text.
    public let elementType: ElementType
    let shape: Shape
    let bytes: [UInt8]

    /// Makes a value of one number.
    public static func scalar<T: Scalar>(_ value: T) -> AttributeValue {
        AttributeValue(elementType: T.elementType, shape: .scalar, bytes: withUnsafeBytes(of: value) { Array($0) })
    }

    /// Makes a list of numbers, which must not be empty.
    public static func list<T: Scalar>(_ values: [T]) -> AttributeValue {
        precondition(!values.isEmpty, "HDF5 attributes of a simple shape are not empty")
        return AttributeValue(elementType: T.elementType, shape: .list, bytes: values.withUnsafeBytes { Array($0) })
    }

    /// Makes UTF-8 text of fixed length: the form that every reader returns as a string.
    public static func text(_ text: String) -> AttributeValue {
        AttributeValue(elementType: .character, shape: .text, bytes: Array(text.utf8))
    }

    /// The text; `nil` for numbers.
    public var text: String? { shape == .text ? String(decoding: bytes, as: UTF8.self) : nil }

    /// Returns the numbers; `nil` when they are not of this type.
    public func numbers<T: Scalar>(as type: T.Type = T.self) -> [T]? {
        guard shape != .text, elementType == T.elementType else { return nil }
        return bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / MemoryLayout<T>.size).map {
                bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self)
            }
        }
    }
}

extension Object where Self: ~Copyable {
    /// Writes an attribute; one of the same name is replaced.
    ///
    /// - Parameters:
    ///   - name: the name of the attribute.
    ///   - value: its value.
    /// - Throws: `HDF5Error` of kind `refused` when the file is open for SWMR writing.
    public func setAttribute(_ name: String, _ value: AttributeValue) throws(HDF5Error) {
        try refuseUnderSWMR("writing attribute \(name) of \(location)")
        try removeAttribute(name)
        let isText = value.shape == .text
        let type = try isText ? Datatype(textOf: value.bytes.count) : Datatype(value.elementType)
        let space =
            try value.shape == .list
            ? Dataspace([value.bytes.count / value.elementType.size]) : Dataspace.scalar()
        let attribute = Handle(
            try call("creating attribute \(name) of \(location)") {
                H5Acreate2(id, name, type.handle.id, space.handle.id, hdf5_default(), hdf5_default())
            }, .attribute)
        let memory = isText ? type.handle.id : value.elementType.native
        let bytes = value.bytes.isEmpty ? [0] : value.bytes
        try call("writing attribute \(name) of \(location)") { H5Awrite(attribute.id, memory, bytes) }
        try attribute.close("closing attribute \(name) of \(location)")
    }

    /// Removes an attribute if it is there.
    ///
    /// - Throws: `HDF5Error` of kind `refused` when the file is open for SWMR writing.
    public func removeAttribute(_ name: String) throws(HDF5Error) {
        guard try hasAttribute(name) else { return }
        try refuseUnderSWMR("removing attribute \(name) of \(location)")
        try call("removing attribute \(name) of \(location)") { H5Adelete(id, name) }
    }

    /// Returns whether the object has an attribute of this name.
    public func hasAttribute(_ name: String) throws(HDF5Error) -> Bool {
        try call("looking for attribute \(name) of \(location)") { H5Aexists(id, name) } > 0
    }

    /// Returns the value of an attribute; `nil` when it is missing, or neither numbers nor text.
    public func attribute(_ name: String) throws(HDF5Error) -> AttributeValue? {
        guard try hasAttribute(name) else { return nil }
        let action = "reading attribute \(name) of \(location)"
        let attribute = Handle(try call(action) { H5Aopen(id, name, hdf5_default()) }, .attribute)
        let type = Datatype(owning: try call(action) { H5Aget_type(attribute.id) })
        let space = Dataspace(owning: try call(action) { H5Aget_space(attribute.id) })
        let shape = try space.shape
        if try type.isText {
            guard shape.isEmpty || shape == [1] else { return nil }
            if try type.isVariableLength {
                return .text(try readVariableText(space, type, action) { H5Aread(attribute.id, type.handle.id, $0) })
            }
            var bytes = [UInt8](repeating: 0, count: try type.size)
            try call(action) { H5Aread(attribute.id, type.handle.id, &bytes) }
            return .text(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
        }
        guard let element = try type.elementType else { return nil }
        var bytes = [UInt8](repeating: 0, count: shape.reduce(1, *) * element.size)
        try call(action) { H5Aread(attribute.id, element.native, &bytes) }
        return AttributeValue(elementType: element, shape: shape.isEmpty ? .scalar : .list, bytes: bytes)
    }
}

/// Reads one variable-length string through `read` and returns its memory to the library.
func readVariableText(
    _ space: borrowing Dataspace, _ type: borrowing Datatype, _ action: String,
    _ read: (UnsafeMutableRawPointer) -> herr_t
) throws(HDF5Error) -> String {
    var pointer: UnsafeMutablePointer<CChar>?
    try call(action) { withUnsafeMutablePointer(to: &pointer) { read($0) } }
    guard let text = pointer.map({ String(cString: $0) }) else { return "" }
    try call(action) {
        withUnsafeMutablePointer(to: &pointer) {
            H5Dvlen_reclaim(type.handle.id, space.handle.id, hdf5_default(), $0)
        }
    }
    return text
}
