internal import CHDF5

// Dimension scales, which make a dataset a dimension for netCDF-4 readers.
//
// Source: HDF5 Dimension Scale Specification and Design Notes; netCDF-4 file format, "Dimension scales".
extension Dataset {
    /// The attributes in which the library keeps dimension scales; they are not copied but made by these functions.
    public static let scaleAttributes: Set = ["CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST"]

    /// Makes the dataset a dimension scale called `name`.
    public func makeScale(_ name: String) throws(HDF5Error) {
        try refuseUnderSWMR("making \(location) a dimension scale")
        try call("making \(location) a dimension scale") { H5DSset_scale(id, name) }
    }

    /// Makes `scale` the dimension `dimension` of this dataset.
    public func attach(_ scale: borrowing Dataset, to dimension: Int) throws(HDF5Error) {
        try refuseUnderSWMR("attaching a dimension scale to \(location)")
        let scale = scale.id
        try call("attaching the scale \(locationOf(scale)) to \(location)") {
            H5DSattach_scale(id, scale, UInt32(dimension))
        }
    }

    /// Whether the dataset is a dimension scale.
    public var isScale: Bool {
        get throws(HDF5Error) { try call("looking at \(location)") { H5DSis_scale(id) } > 0 }
    }

    /// Returns whether `scale` is the dimension `dimension` of this dataset.
    public func isAttached(_ scale: borrowing Dataset, to dimension: Int) throws(HDF5Error) -> Bool {
        let scale = scale.id
        return try call("looking at the scales of \(location)") {
            H5DSis_attached(id, scale, UInt32(dimension))
        } > 0
    }
}
