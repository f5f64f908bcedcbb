internal import CHDF5
internal import Glibc
internal import SystemPackage

/// An HDF5 file. Everything opened in it must be closed before it.
public struct File: ~Copyable, Object {
    /// What a file is opened for.
    public enum Mode: Sendable {
        /// Reads a file that nobody is writing.
        case read
        /// Reads a file beside its SWMR writer, or one whose SWMR writer was killed.
        case readLive
        /// Changes a file that nobody else has open.
        case readWrite
        /// Adds rows to a file as its only SWMR writer.
        case append
    }

    private let handle: Handle

    /// The library's identifier.
    public var id: Int64 { handle.id }

    /// Creates the file at `path`; an existing one is overwritten.
    public init(
        creating path: String, _ access: borrowing PropertyList, _ creation: borrowing PropertyList
    ) throws(HDF5Error) {
        quietLibrary()
        let created = Handle(
            try call("creating \(path)") {
                H5Fcreate(path, hdf5_truncate(), creation.handle.id, access.handle.id)
            }, .file)
        try Self.keepFromChildren(created.id)
        handle = created
    }

    /// Opens the file at `path`.
    public init(opening path: String, _ mode: Mode, _ access: borrowing PropertyList) throws(HDF5Error) {
        quietLibrary()
        let flags =
            switch mode {
            case .read: hdf5_read_only()
            case .readLive: hdf5_read_only() | hdf5_swmr_read()
            case .readWrite: hdf5_read_write()
            case .append: hdf5_read_write() | hdf5_swmr_write()
            }
        let opened = Handle(try call("opening \(path)") { H5Fopen(path, flags, access.handle.id) }, .file)
        try Self.keepFromChildren(opened.id)
        handle = opened
    }

    /// Returns whether the file at `path` begins like an HDF5 file (HDF5 File Format Specification, "Superblock").
    public static func isHDF5(_ path: String) -> Bool {
        quietLibrary()
        return ((try? call("looking at \(path)") { H5Fis_hdf5(path) }) ?? 0) > 0
    }

    /// Passes everything written so far to the operating system, metadata after the data they describe.
    public func flush() throws(HDF5Error) {
        try call("flushing \(location)") { H5Fflush(id, H5F_SCOPE_GLOBAL) }
    }

    /// Lets readers open the file. From then on nothing can be created: rows of numbers are added and changed, no more.
    public func startSWMRWrite() throws(HDF5Error) {
        try call("starting SWMR in \(location)") { H5Fstart_swmr_write(id) }
    }

    /// Sets the recorded length to at least that of the file: part of the recovery after a crash.
    public func adoptLength() throws(HDF5Error) {
        try call("setting the recorded length of \(location)") { H5Fincrement_filesize(id, 0) }
    }

    /// Asks the operating system to write everything flushed so far to the disk.
    public func synchronize() throws(HDF5Error) {
        let descriptor = try Self.descriptor(id)
        guard fsync(descriptor) == 0 else {
            throw HDF5Error(.library, "synchronizing \(location)", [Errno(rawValue: errno).description])
        }
    }

    /// Closes the file and reports the error that `deinit` has to ignore.
    public consuming func close() throws(HDF5Error) {
        let location = location
        try handle.close("closing \(location)")
    }

    /// A child process must not keep the file and its lock open.
    private static func keepFromChildren(_ id: hid_t) throws(HDF5Error) {
        _ = fcntl(try descriptor(id), F_SETFD, FD_CLOEXEC)
    }

    private static func descriptor(_ id: hid_t) throws(HDF5Error) -> Int32 {
        var pointer: UnsafeMutableRawPointer?
        let action = "asking for the file descriptor"
        try call(action) { H5Fget_vfd_handle(id, hdf5_default(), &pointer) }
        guard let pointer else { throw HDF5Error(.library, action, []) }
        return pointer.load(as: Int32.self)
    }
}
