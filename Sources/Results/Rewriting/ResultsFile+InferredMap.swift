internal import Atmospheres
public import Exploration
public import HDF5

/// The group `/inferred`: what the evaluated points say of every point of the lattice, in a file closed in order.
///
/// It holds no result: an evaluated point is there only as `evaluated`, its row has the rest. It is made from the rows
/// alone, so a file without it (being written, or left by a killed writer) loses nothing, and it is taken out before
/// rows are added.
extension ResultsFile {
    static let inferredGroup = "inferred"

    /// Writes the map into the closed file at `path`.
    ///
    /// - Throws: `HDF5Error`; the rows are as they were.
    public static func writeInferred(_ map: InferredMap, on lattice: Lattice, at path: String) throws(HDF5Error) {
        let file = try File.openedPatiently(path, .readWrite, try .fileAccess())
        let root = try Group(opening: "/", in: file)
        if try root.contains(inferredGroup) { try root.remove(inferredGroup) }
        let group = try Group(creating: inferredGroup, in: file)
        let shape = lattice.axes.map(\.count)
        // Lines along the last axis stay together; a chunk is at most 1 MiB.
        var chunk = shape
        var axis = 0
        while chunk.reduce(1, *) > 1 << 20, axis < chunk.count {
            let rest = chunk[(axis + 1)...].reduce(1, *)
            chunk[axis] = max(1, min(chunk[axis], (1 << 20) / rest))
            axis += 1
        }
        let creation = try PropertyList.datasetCreation(chunk: chunk)
        try creation.setCompression(level: 4)
        let status = try Dataset(
            creating: "inferred_status", in: group, try Datatype(.int8), try Dataspace(shape), creation)
        for (number, axis) in lattice.axes.enumerated() {
            let scale = try Dataset(
                creating: axis.gas.formula, in: group, try Datatype(.float64), try Dataspace([axis.count]),
                try .datasetCreation())
            try scale.write(axis.values)
            try scale.makeScale(axis.gas.formula)
            try scale.setAttribute("units", .text("1"))
            try scale.setAttribute("long_name", .text("\(axis.gas.formula) surface volume mixing ratio"))
            try status.attach(scale, to: number)
        }
        try status.write(map.kinds.map(\.rawValue))
        try status.setAttribute("long_name", .text("what the evaluated points say of this one"))
        try status.setAttribute("flag_values", .list(InferredMap.Kind.allCases.map(\.rawValue)))
        try status.setAttribute(
            "flag_meanings", .text(InferredMap.Kind.allCases.map(\.name).joined(separator: " ")))
        try status.setAttribute(
            "comment",
            .text(
                "No result of the model. enclosed: surrounded by evaluated points of one kind; predicted: by a fit to "
                    + "evaluated points; evaluated: see the rows."))
        try file.flush()
        try file.synchronize()
    }
}

extension ResultsReader {
    /// The inferred map of the file by key, the last axis fastest; `nil` where it has none: a flood's, or one that was
    /// not closed in order.
    public func inferredKinds() throws -> [InferredMap.Kind]? {
        guard try Group(opening: "/", in: opened.file).contains(ResultsFile.inferredGroup) else { return nil }
        let codes: [Int8] = try opened.dataset("/\(ResultsFile.inferredGroup)/inferred_status").read()
        return codes.map { InferredMap.Kind(rawValue: $0) ?? .open }
    }

    /// The map that the rows make, on the lattice of the file.
    ///
    /// - Parameters:
    ///   - bounds: quantities that the search followed the boundary by, `row` being the place in `names`.
    ///   - names: variables of these quantities.
    ///   - stride: coarsest step of the search.
    public func inferredMap(
        bounds: [ValueBound], names: [String], stride: Int, on lattice: Lattice
    ) throws -> InferredMap {
        let evaluated = try points(on: lattice)
        var columns: [[Double]] = []
        for bound in bounds { columns.append(try values(of: names[bound.row])) }
        let columnValues = evaluated.indices.flatMap { row in columns.map { $0[row] } }
        return InferredMap(
            evaluated, isStable: outcomes.map { $0 == .stable }, values: columnValues, bounds: bounds, stride: stride,
            on: lattice)
    }
}
