internal import CHDF5

/// A group: a folder of datasets and groups, with attributes.
public struct Group: ~Copyable, Object {
    private let handle: Handle

    /// The library's identifier.
    public var id: Int64 { handle.id }

    /// Creates the group `name` in `parent`.
    ///
    /// - Throws: `HDF5Error` of kind `refused` when the file is open for SWMR writing.
    public init(creating name: String, in parent: borrowing some Object & ~Copyable) throws(HDF5Error) {
        try parent.refuseUnderSWMR("creating group \(name) in \(parent.location)")
        let creation = try PropertyList.groupCreation()
        handle = Handle(
            try call("creating group \(name) in \(parent.location)") {
                H5Gcreate2(parent.id, name, hdf5_default(), creation.handle.id, hdf5_default())
            }, .group)
    }

    /// Opens the group at `path` below `parent`; "." is the parent itself, "/" the root.
    public init(opening path: String, in parent: borrowing some Object & ~Copyable) throws(HDF5Error) {
        handle = Handle(
            try call("opening group \(path) in \(parent.location)") {
                H5Gopen2(parent.id, path, hdf5_default())
            }, .group)
    }

    /// The names of the members of the group, in alphabetical order.
    public var names: [String] {
        get throws(HDF5Error) {
            var names: [String] = []
            for i in 0..<(try memberCount) { names.append(try name(i, in: H5_INDEX_NAME)) }
            return names
        }
    }

    /// The names of the members of the group, in order of creation; alphabetical where that order was not kept.
    public var namesInOrder: [String] {
        get throws(HDF5Error) {
            var names: [String] = []
            for i in 0..<(try memberCount) {
                guard let name = try? name(i, in: H5_INDEX_CRT_ORDER) else { return try self.names }
                names.append(name)
            }
            return names
        }
    }

    private var memberCount: hsize_t {
        get throws(HDF5Error) {
            var info = H5G_info_t()
            try call("listing \(location)") { H5Gget_info(id, &info) }
            return info.nlinks
        }
    }

    private func name(_ i: hsize_t, in index: H5_index_t) throws(HDF5Error) -> String {
        try readName("listing \(location)") {
            H5Lget_name_by_idx(id, ".", index, H5_ITER_INC, i, $0, $1, hdf5_default())
        }
    }

    /// Returns whether the group has a member of this name.
    public func contains(_ name: String) throws(HDF5Error) -> Bool {
        try call("looking for \(name) in \(location)") { H5Lexists(id, name, hdf5_default()) } > 0
    }

    /// Removes the member `name` from the group; its space in the file may be reused before the file is closed.
    ///
    /// - Throws: `HDF5Error` of kind `refused` when the file is open for SWMR writing.
    public func remove(_ name: String) throws(HDF5Error) {
        try refuseUnderSWMR("removing \(name) from \(location)")
        try call("removing \(name) from \(location)") { H5Ldelete(id, name, hdf5_default()) }
    }

    /// Returns whether the member `name` is a group.
    public func isGroup(_ name: String) throws(HDF5Error) -> Bool {
        let action = "looking at \(name) in \(location)"
        let member = Handle(try call(action) { H5Oopen(id, name, hdf5_default()) }, .object)
        return try call(action) { H5Iget_type(member.id).rawValue } == H5I_GROUP.rawValue
    }
}
