internal import CHDF5

/// The type of an element: a number, a character, or a UTF-8 string.
public struct Datatype: ~Copyable {
    let handle: Handle

    /// Makes the type that `element` has in the file.
    public init(_ element: ElementType) throws(HDF5Error) {
        handle = Handle(try call("copying the datatype \(element)") { H5Tcopy(element.stored) }, .datatype)
    }

    /// Makes the type of UTF-8 text of `length` bytes, padded with NUL; `nil` for text of any length.
    ///
    /// Variable-length text is stored in the file's global heap and can be written only before SWMR starts.
    public init(textOf length: Int?) throws(HDF5Error) {
        let text = Handle(try call("copying the string datatype") { H5Tcopy(hdf5_c_s1()) }, .datatype)
        // A string in HDF5 has at least one byte; padding makes it read as empty.
        try call("setting the length of a string") {
            H5Tset_size(text.id, length.map { max($0, 1) } ?? hdf5_variable_length())
        }
        try call("padding a string") { H5Tset_strpad(text.id, length == nil ? H5T_STR_NULLTERM : H5T_STR_NULLPAD) }
        try call("setting the character set of a string") { H5Tset_cset(text.id, H5T_CSET_UTF8) }
        handle = text
    }

    init(owning id: hid_t) { handle = Handle(id, .datatype) }

    /// The size of one element in bytes.
    var size: Int {
        // 0 stands for failure (HDF5 Reference Manual, H5Tget_size).
        get throws(HDF5Error) {
            try call("asking a datatype for its size") {
                let size = H5Tget_size(handle.id)
                return size > 0 ? size : -1
            }
        }
    }

    var isText: Bool {
        get throws(HDF5Error) {
            try call("looking at a datatype") { H5Tget_class(handle.id).rawValue } == H5T_STRING.rawValue
        }
    }

    var isVariableLength: Bool {
        get throws(HDF5Error) {
            // H5Tdetect_class(H5T_VLEN) is false for variable-length strings.
            let text = try call("looking at a datatype") { H5Tis_variable_str(handle.id) } > 0
            return try call("looking at a datatype") { H5Tdetect_class(handle.id, H5T_VLEN) } > 0 || text
        }
    }

    /// The element type that this is; `nil` for any other type.
    var elementType: ElementType? {
        get throws(HDF5Error) {
            for element in ElementType.allCases where element != .character {
                if try call("comparing datatypes", { H5Tequal(handle.id, element.stored) }) > 0 { return element }
            }
            guard try isText, try size == 1 else { return nil }
            return .character
        }
    }
}
