internal import CHDF5

/// Settings for opening or creating a file, a group or a dataset.
public struct PropertyList: ~Copyable {
    let handle: Handle

    private init(_ kind: hid_t) throws(HDF5Error) {
        quietLibrary()
        handle = Handle(try call("creating a property list") { H5Pcreate(kind) }, .propertyList)
    }

    /// Makes access in the HDF5 1.10 format: what SWMR needs, and the newest that readers of 1.10 and 1.12 understand.
    ///
    /// Locks are used where the file system has them. Source: HDF5 Reference Manual, H5Pset_libver_bounds and
    /// H5Pset_file_locking.
    public static func fileAccess() throws(HDF5Error) -> PropertyList {
        let list = try PropertyList(hdf5_file_access())
        try call("setting the format bounds") {
            H5Pset_libver_bounds(list.handle.id, H5F_LIBVER_V110, H5F_LIBVER_V110)
        }
        try call("setting the file locking") { H5Pset_file_locking(list.handle.id, true, true) }
        return list
    }

    /// Makes access for reading only: without locks, so that a writer that closes the file at that moment is not refused.
    /// The marks in the file still say whether it may be read.
    public static func readingAccess() throws(HDF5Error) -> PropertyList {
        let list = try fileAccess()
        try call("setting the file locking") { H5Pset_file_locking(list.handle.id, false, true) }
        return list
    }

    /// Makes access in the HDF5 1.8 format, which readers other than the library understand too, and which cannot be
    /// written while it is read.
    public static func archiveAccess() throws(HDF5Error) -> PropertyList {
        let list = try PropertyList(hdf5_file_access())
        try call("setting the format bounds") {
            H5Pset_libver_bounds(list.handle.id, H5F_LIBVER_V18, H5F_LIBVER_V18)
        }
        return list
    }

    /// Makes access that opens a file whose writer was killed: the mark "open for writing" is cleared and the recorded
    /// length is not trusted. `h5clear -s` uses the same.
    ///
    /// - Throws: `HDF5Error` of kind `refused` when this HDF5 lacks the two properties, which are internal to it.
    public static func recoveringFileAccess() throws(HDF5Error) -> PropertyList {
        let list = try fileAccess()
        for name in ["clear_status_flags", "skip_eof_check"] {
            guard try call("looking for the property \(name)", { H5Pexist(list.handle.id, name) }) > 0 else {
                throw HDF5Error(
                    .refused, "recovering a file",
                    ["HDF5 \(Library.version) has no property \(name); use h5clear -s --increment=0 FILE"])
            }
            var yes: hbool_t = true
            try call("setting the property \(name)") { H5Pset(list.handle.id, name, &yes) }
        }
        return list
    }

    /// Makes the creation of a file whose root group remembers the order of links and attributes, as netCDF-4 requires.
    public static func fileCreation() throws(HDF5Error) -> PropertyList {
        let list = try PropertyList(hdf5_file_create())
        try list.trackLinks()
        try list.trackAttributes()
        return list
    }

    /// Makes the creation of a group that remembers the order of links and attributes.
    public static func groupCreation() throws(HDF5Error) -> PropertyList {
        let list = try PropertyList(hdf5_group_create())
        try list.trackLinks()
        try list.trackAttributes()
        return list
    }

    /// Makes the creation of a dataset that remembers the order of its attributes.
    ///
    /// - Parameter chunk: the shape of a chunk, which a dataset that grows needs; `nil` for a dataset without chunks.
    /// - Returns: the settings.
    /// - Throws: `HDF5Error`.
    public static func datasetCreation(chunk: [Int]? = nil) throws(HDF5Error) -> PropertyList {
        let list = try PropertyList(hdf5_dataset_create())
        try list.trackAttributes()
        if let chunk {
            let lengths = chunk.map { hsize_t($0) }
            try call("setting chunks of shape \(chunk)") {
                H5Pset_chunk(list.handle.id, Int32(lengths.count), lengths)
            }
        }
        return list
    }

    /// Sets what an element reads as before it is written: a single number.
    public func setFill(_ value: AttributeValue) throws(HDF5Error) {
        precondition(value.shape == .scalar, "a fill value is one number")
        try call("setting a fill value") {
            H5Pset_fill_value(handle.id, value.elementType.native, value.bytes)
        }
    }

    /// Compresses chunks without loss, after grouping bytes of equal significance.
    ///
    /// - Parameter level: 1, fastest, to 9, smallest.
    /// - Throws: `HDF5Error`.
    public func setCompression(level: Int) throws(HDF5Error) {
        try call("setting the shuffle filter") { H5Pset_shuffle(handle.id) }
        try call("setting the deflate filter") { H5Pset_deflate(handle.id, UInt32(level)) }
    }

    private func trackLinks() throws(HDF5Error) {
        try call("tracking the order of links") { H5Pset_link_creation_order(handle.id, hdf5_creation_order()) }
    }

    private func trackAttributes() throws(HDF5Error) {
        try call("tracking the order of attributes") {
            H5Pset_attr_creation_order(handle.id, hdf5_creation_order())
        }
    }
}
