internal import CHDF5

// How a file is laid out: enough to make another file like it.

extension Object where Self: ~Copyable {
    /// The names of the attributes, in order of creation; alphabetical where that order was not kept.
    public var attributeNames: [String] {
        get throws(HDF5Error) {
            let action = "listing the attributes of \(location)"
            var info = H5O_info_t()
            // H5Aget_num_attrs does not take a file.
            try call(action) { H5Oget_info2(id, &info, UInt32(H5O_INFO_NUM_ATTRS)) }
            var names: [String] = []
            for i in 0..<info.num_attrs {
                func name(in index: H5_index_t) throws(HDF5Error) -> String {
                    try readName(action) {
                        H5Aget_name_by_idx(id, ".", index, H5_ITER_INC, i, $0, $1, hdf5_default())
                    }
                }
                if let name = try? name(in: H5_INDEX_CRT_ORDER) {
                    names.append(name)
                } else {
                    names.append(try name(in: H5_INDEX_NAME))
                }
            }
            return names
        }
    }
}

extension Dataset {
    /// The shape of a chunk; `nil` when the dataset is not chunked.
    public var chunk: [Int]? {
        get throws(HDF5Error) {
            let list = try creationProperties()
            let layout = try call("asking \(location) for its layout") { H5Pget_layout(list.id).rawValue }
            guard layout == H5D_CHUNKED.rawValue else { return nil }
            var lengths = [hsize_t](repeating: 0, count: 1 + trailing.count)
            try call("asking \(location) for its chunks") { H5Pget_chunk(list.id, Int32(lengths.count), &lengths) }
            return lengths.map { Int($0) }
        }
    }

    /// Returns what an element reads as before it is written.
    ///
    /// - Precondition: `element` is the type of the dataset.
    public func fill(_ element: ElementType) throws(HDF5Error) -> AttributeValue {
        let list = try creationProperties()
        var bytes = [UInt8](repeating: 0, count: element.size)
        try call("asking \(location) for its fill value") { H5Pget_fill_value(list.id, element.native, &bytes) }
        return AttributeValue(elementType: element, shape: .scalar, bytes: bytes)
    }

    /// Whether the first dimension grows without limit.
    public var isGrowing: Bool {
        get throws(HDF5Error) {
            guard !isScalar else { return false }
            let space = try space("asking \(location) for its shape")
            var limits = [hsize_t](repeating: 0, count: 1 + trailing.count)
            try call("asking \(location) for its shape") { H5Sget_simple_extent_dims(space.handle.id, nil, &limits) }
            return limits[0] == hdf5_unlimited()
        }
    }

    /// The name of the dataset as a dimension scale; `nil` when it is not one.
    public var scaleName: String? {
        get throws(HDF5Error) {
            guard try isScale else { return nil }
            let action = "asking \(location) for the name of its dimension"
            return try readName(action) { H5DSget_scale_name(id, $0, $1) }
        }
    }

    private func creationProperties() throws(HDF5Error) -> Handle {
        Handle(try call("asking how \(location) was made") { H5Dget_create_plist(id) }, .propertyList)
    }
}

extension File {
    /// The version of the superblock: 3 in the format of HDF5 1.10, which can be written while it is read; at most 2 in
    /// older ones.
    public var superblockVersion: Int {
        get throws(HDF5Error) {
            var info = H5F_info2_t()
            try call("looking at \(location)") { H5Fget_info2(id, &info) }
            return Int(info.super.version)
        }
    }
}
