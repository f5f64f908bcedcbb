internal import CHDF5

/// Something in a file that has attributes: the file (its root group), a group or a dataset.
public protocol Object: ~Copyable {
    /// The library's identifier.
    var id: Int64 { get }
}

extension Object where Self: ~Copyable {
    /// Where the object is, for messages: "/run/attempt of earthlike.h5".
    var location: String { locationOf(id) }

    /// Refuses what HDF5 1.10 accepts under SWMR without carrying it out: new objects, attributes and variable-length
    /// values are then invisible to live readers, or unreadable.
    ///
    /// Source: HDF5 Single-Writer/Multiple-Reader User's Guide, "Scope of the SWMR programming model".
    func refuseUnderSWMR(_ action: @autoclosure () -> String) throws(HDF5Error) {
        let file = Handle(try call(action()) { H5Iget_file_id(id) }, .file)
        var intent: UInt32 = 0
        try call(action()) { H5Fget_intent(file.id, &intent) }
        guard intent & hdf5_swmr_write() & ~hdf5_read_write() == 0 else {
            throw HDF5Error(
                .refused, action(),
                ["the file is open for SWMR writing, under which only rows of numbers may be added and changed"])
        }
    }
}

/// Returns where the object with this identifier is: its path and the base name of its file; "?" for what the library
/// does not tell.
func locationOf(_ id: hid_t) -> String {
    func text(_ read: (UnsafeMutablePointer<CChar>?, Int) -> Int) -> String {
        let text = (try? readName("naming an object", read)) ?? ""
        return text.isEmpty ? "?" : text
    }
    let path = text { H5Fget_name(id, $0, $1) }
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let name = text { H5Iget_name(id, $0, $1) }
    return name == "/" || name == "?" ? file : "\(name) of \(file)"
}
