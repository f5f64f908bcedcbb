internal import CHDF5

/// The HDF5 library that the program runs with.
public enum Library {
    /// The version found at run time, "1.10.8"; that of the headers may differ.
    public static var version: String {
        var (major, minor, release) = (UInt32(0), UInt32(0), UInt32(0))
        _ = try? call("asking HDF5 for its version") { H5get_libversion(&major, &minor, &release) }
        return "\(major).\(minor).\(release)"
    }
}
