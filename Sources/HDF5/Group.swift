internal import CHDF5

/// A group: a folder of datasets and groups, with attributes.
public struct Group: ~Copyable, Object {
    private let handle: Handle

    public var id: Int64 { handle.id }

    /// Creates the group `name` in `parent`.
    ///
    /// - Throws: `HDF5Error` of kind `refused` when the file is open for SWMR writing.
    public init(creating name: String, in parent: borrowing some Object & ~Copyable) throws(HDF5Error) {
        try parent.refuseUnderSWMR("creating group \(name) in \(parent.place)")
        let creation = try PropertyList.groupCreation()
        handle = Handle(
            try call("creating group \(name) in \(parent.place)") {
                H5Gcreate2(parent.id, name, hdf5_default(), creation.handle.id, hdf5_default())
            }, .group)
    }

    /// Opens the group at `path` below `parent`; "." is the parent itself, "/" the root.
    public init(opening path: String, in parent: borrowing some Object & ~Copyable) throws(HDF5Error) {
        handle = Handle(
            try call("opening group \(path) in \(parent.place)") {
                H5Gopen2(parent.id, path, hdf5_default())
            }, .group)
    }

    /// The names of what is in the group, in alphabetical order.
    public var names: [String] {
        get throws(HDF5Error) {
            let action = "listing \(place)"
            var info = H5G_info_t()
            try call(action) { H5Gget_info(id, &info) }
            var names: [String] = []
            for i in 0..<info.nlinks {
                func read(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int) throws(HDF5Error) -> Int {
                    try call(action) {
                        H5Lget_name_by_idx(id, ".", H5_INDEX_NAME, H5_ITER_INC, i, bytes, size, hdf5_default())
                    }
                }
                var bytes = [CChar](repeating: 0, count: try read(nil, 0) + 1)
                _ = try read(&bytes, bytes.count)
                names.append(String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
            }
            return names
        }
    }

    /// Whether the group has a member of this name.
    public func contains(_ name: String) throws(HDF5Error) -> Bool {
        try call("looking for \(name) in \(place)") { H5Lexists(id, name, hdf5_default()) } > 0
    }

    /// Takes the member `name` out of the group; its place in the file may be used again before the file is closed.
    ///
    /// - Throws: `HDF5Error` of kind `refused` when the file is open for SWMR writing.
    public func remove(_ name: String) throws(HDF5Error) {
        try refuseUnderSWMR("removing \(name) from \(place)")
        try call("removing \(name) from \(place)") { H5Ldelete(id, name, hdf5_default()) }
    }

    /// Whether the member `name` is a group.
    public func isGroup(_ name: String) throws(HDF5Error) -> Bool {
        let member = try call("opening \(name) in \(place)") { H5Oopen(id, name, hdf5_default()) }
        defer { _ = try? call("") { H5Oclose(member) } }
        return H5Iget_type(member) == H5I_GROUP
    }
}
