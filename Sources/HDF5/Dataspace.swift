internal import CHDF5

/// The shape of a dataset or attribute.
public struct Dataspace: ~Copyable {
    let handle: Handle

    /// Makes the shape of a single element.
    public static func scalar() throws(HDF5Error) -> Dataspace {
        Dataspace(owning: try call("creating a scalar dataspace") { H5Screate(H5S_SCALAR) })
    }

    /// Makes the shape of an array; `growing` lets the first dimension grow without limit.
    public init(_ shape: [Int], growing: Bool = false) throws(HDF5Error) {
        let lengths = shape.map { hsize_t($0) }
        var limits = lengths
        if growing { limits[0] = hdf5_unlimited() }
        handle = Handle(
            try call("creating a dataspace of shape \(shape)") {
                H5Screate_simple(Int32(lengths.count), lengths, limits)
            }, .dataspace)
    }

    init(owning id: hid_t) { handle = Handle(id, .dataspace) }

    /// The number of elements along each dimension; empty for a scalar.
    var shape: [Int] {
        get throws(HDF5Error) {
            let rank = try call("asking a dataspace for its rank") { H5Sget_simple_extent_ndims(handle.id) }
            var lengths = [hsize_t](repeating: 0, count: Int(rank))
            try call("asking a dataspace for its shape") { H5Sget_simple_extent_dims(handle.id, &lengths, nil) }
            return lengths.map { Int($0) }
        }
    }

    /// Selects `rows` of the first dimension and all of the others.
    func select(rows: Range<Int>, trailing: [Int]) throws(HDF5Error) {
        var start = [hsize_t](repeating: 0, count: 1 + trailing.count)
        start[0] = hsize_t(rows.lowerBound)
        let count = [hsize_t(rows.count)] + trailing.map { hsize_t($0) }
        try call("selecting rows \(rows)") { H5Sselect_hyperslab(handle.id, H5S_SELECT_SET, start, nil, count, nil) }
    }
}
