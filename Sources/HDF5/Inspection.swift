internal import CHDF5

// What a file says of its own make-up: enough to make another file like it.

extension Group {
    /// The names of what is in the group, in the order in which it was made; alphabetical where that is not kept.
    public var namesInOrder: [String] {
        get throws(HDF5Error) {
            let action = "listing \(place)"
            var info = H5G_info_t()
            try call(action) { H5Gget_info(id, &info) }
            var names: [String] = []
            for i in 0..<info.nlinks {
                let name = try readName(action) {
                    H5Lget_name_by_idx(id, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, $0, $1, hdf5_default())
                }
                guard let name else { return try self.names }
                names.append(name)
            }
            return names
        }
    }
}

extension Object where Self: ~Copyable {
    /// The names of the attributes, in the order in which they were made; alphabetical where that is not kept.
    public var attributeNames: [String] {
        get throws(HDF5Error) {
            let action = "listing the attributes of \(place)"
            let count = try call(action) { H5Aget_num_attrs(id) }
            var names: [String] = []
            for i in 0..<hsize_t(count) {
                func read(_ index: H5_index_t) throws(HDF5Error) -> String? {
                    try readName(action) {
                        H5Aget_name_by_idx(id, ".", index, H5_ITER_INC, i, $0, $1, hdf5_default())
                    }
                }
                var name = try read(H5_INDEX_CRT_ORDER)
                if name == nil { name = try read(H5_INDEX_NAME) }
                if let name { names.append(name) }
            }
            return names
        }
    }
}

/// Reads a name through `read`, which tells its length when it is given no room; `nil` when the library refuses the
/// first question.
private func readName(
    _ action: String, _ read: (UnsafeMutablePointer<CChar>?, Int) -> Int
) throws(HDF5Error) -> String? {
    guard let length = try? call(action, { read(nil, 0) }) else { return nil }
    var bytes = [CChar](repeating: 0, count: length + 1)
    try call(action) { read(&bytes, bytes.count) }
    return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

extension Dataset {
    /// Shape of a chunk; `nil` when the dataset is in one piece.
    public var chunk: [Int]? {
        get throws(HDF5Error) {
            let list = try creationProperties()
            guard H5Pget_layout(list.id) == H5D_CHUNKED else { return nil }
            var lengths = [hsize_t](repeating: 0, count: 1 + trailing.count)
            try call("asking \(place) for its chunks") { H5Pget_chunk(list.id, Int32(lengths.count), &lengths) }
            return lengths.map { Int($0) }
        }
    }

    /// What an element reads as before it is written.
    ///
    /// - Precondition: `element` is the dataset's type.
    public func fill(_ element: ElementType) throws(HDF5Error) -> AttributeValue {
        let list = try creationProperties()
        var bytes = [UInt8](repeating: 0, count: element.size)
        try call("asking \(place) for its fill value") { H5Pget_fill_value(list.id, element.native, &bytes) }
        return AttributeValue(elementType: element, shape: .scalar, bytes: bytes)
    }

    /// Whether the first dimension grows without limit.
    public var isGrowing: Bool {
        get throws(HDF5Error) {
            guard !isScalar else { return false }
            let space = try space("asking \(place) for its shape")
            var limits = [hsize_t](repeating: 0, count: 1 + trailing.count)
            try call("asking \(place) for its shape") { H5Sget_simple_extent_dims(space.handle.id, nil, &limits) }
            return limits[0] == hdf5_unlimited()
        }
    }

    /// The name that makes the dataset a dimension scale; `nil` when it is none.
    public var scaleName: String? {
        get throws(HDF5Error) {
            guard try isScale else { return nil }
            let action = "asking \(place) for the name of its dimension"
            let length = try call(action) { H5DSget_scale_name(id, nil, 0) }
            var bytes = [CChar](repeating: 0, count: Int(length) + 1)
            try call(action) { H5DSget_scale_name(id, &bytes, bytes.count) }
            return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    private func creationProperties() throws(HDF5Error) -> Handle {
        Handle(try call("asking how \(place) was made") { H5Dget_create_plist(id) }, .propertyList)
    }
}

extension File {
    /// Version of the superblock: 3 in the format of HDF5 1.10, which can be written while it is read; 2 and less in
    /// older ones.
    public var superblockVersion: Int {
        get throws(HDF5Error) {
            var info = H5F_info2_t()
            try call("looking at \(place)") { H5Fget_info2(id, &info) }
            return Int(info.super.version)
        }
    }
}
