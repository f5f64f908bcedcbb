internal import Glibc
internal import HDF5
internal import TestSupport

extension Scratch {
    /// Creates a file in the HDF5 1.10 format.
    func makeFile(_ name: String = "a.h5") throws -> File {
        try File(creating: path(name), try .fileAccess(), try .fileCreation())
    }

    /// Opens a file.
    func open(_ name: String = "a.h5", _ mode: File.Mode = .read) throws -> File {
        try File(opening: path(name), mode, try .fileAccess())
    }
}

/// Creates a chunked dataset without rows whose first dimension grows.
func makeRows<T: Scalar>(
    _ name: String, of type: T.Type, trailing: [Int] = [], chunkRows: Int = 4, fill: T? = nil, level: Int? = nil,
    in parent: borrowing some Object & ~Copyable
) throws -> Dataset {
    let creation = try PropertyList.datasetCreation(chunk: [chunkRows] + trailing)
    if let fill { try creation.setFill(.scalar(fill)) }
    if let level { try creation.setCompression(level: level) }
    return try Dataset(
        creating: name, in: parent, try Datatype(T.elementType), try Dataspace([0] + trailing, growing: true), creation)
}

/// Appends rows.
func append<T: Scalar>(_ values: [T], to dataset: borrowing Dataset) throws {
    let first = try dataset.count
    let rows = first..<first + values.count / dataset.trailing.reduce(1, *)
    try dataset.setCount(rows.upperBound)
    try dataset.write(values.span.bytes, of: T.elementType, rows: rows)
}
