internal import Atmospheres
public import Exploration
internal import HDF5

// The group `/inferred`, in a file closed after a refinement. It holds no results: an evaluated point is there only as
// `evaluated`, its row has the rest. It is made from the rows alone, so a file without it (being written, or left by a
// killed writer) loses nothing, and it is removed before rows are added.
extension ResultsFile {
    /// The number of positions in a chunk: 1 MiB.
    private static let positionsPerChunk = 1 << 20

    /// Writes the map into the closed file at `path`; a map that is there is replaced.
    ///
    /// - Parameters:
    ///   - map: what the evaluated points say about every position.
    ///   - lattice: the lattice of the file.
    ///   - path: the path of the file.
    /// - Throws: `ResultsError.layoutDiffers` when `/inferred` is not a map that this program wrote, else `HDF5Error`; the
    ///   rows are as they were.
    public static func writeInferred(_ map: InferredMap, on lattice: Lattice, at path: String) throws {
        let file = try File.openedPatiently(path, .readWrite, try .fileAccess())
        try removeInferred(from: file, path, lattice)
        let layout = InferredLayout(of: lattice)
        let group = try Group(creating: Schema.GroupName.inferred.path, in: file)
        // Lines along the last axis stay together.
        var chunk = layout.shape
        var axis = 0
        while chunk.reduce(1, *) > positionsPerChunk, axis < chunk.count {
            let rest = chunk[(axis + 1)...].reduce(1, *)
            chunk[axis] = max(1, min(chunk[axis], positionsPerChunk / rest))
            axis += 1
        }
        let creation = try PropertyList.datasetCreation(chunk: chunk)
        try creation.setCompression(level: 4)
        let status = try Dataset(
            creating: InferredLayout.status, in: group, try Datatype(.int8), try Dataspace(layout.shape), creation)
        for (index, axis) in lattice.axes.enumerated() {
            let name = layout.dimensions[index]
            let scale = try Dataset(
                creating: name, in: group, try Datatype(.float64), try Dataspace([axis.count]), try .datasetCreation())
            try scale.write(axis.values)
            try scale.makeScale(name)
            try scale.set(layout.attributes(ofDimension: name))
            try status.attach(scale, to: index)
        }
        try status.write(map.kinds.map(\.rawValue))
        try status.set(layout.statusAttributes)
        try file.flush()
        try file.synchronize()
    }

    /// Removes the inferred map from a file that is open for writing, if there is one.
    ///
    /// - Throws: `ResultsError.layoutDiffers` when `/inferred` is something else, which is left in place.
    static func removeInferred(from file: borrowing File, _ path: String, _ lattice: Lattice) throws {
        let root = try Group(opening: Schema.GroupName.root.path, in: file)
        guard try root.contains(Schema.GroupName.inferred.rawValue) else { return }
        guard try InferredLayout(of: lattice).isIn(root) else {
            throw ResultsError.layoutDiffers(path: path, differences: [InferredLayout.strangeGroup])
        }
        try root.remove(Schema.GroupName.inferred.rawValue)
    }
}

extension ResultsReader {
    /// Returns the inferred map of the file by key, the last axis varying fastest; `nil` when the file has none: that of a
    /// flood, or one that was not closed.
    public func inferredKinds() throws -> [InferredMap.Kind]? {
        let root = try Group(opening: Schema.GroupName.root.path, in: opened.file)
        guard try root.contains(Schema.GroupName.inferred.rawValue),
            try root.isGroup(Schema.GroupName.inferred.rawValue)
        else {
            return nil
        }
        let codes: [Int8] = try opened.dataset(InferredLayout.statusPath).read()
        return codes.map { InferredMap.Kind(rawValue: $0) ?? .open }
    }

    /// Computes the map that the rows make, on the lattice of the file.
    ///
    /// - Parameters:
    ///   - bounds: the quantities by which the search followed the boundary; `row` is the index in `names`.
    ///   - names: the variables of these quantities.
    ///   - stride: the coarsest step of the search.
    ///   - lattice: the lattice of the file.
    /// - Returns: what the rows say about every position.
    /// - Throws: `ResultsError`, or `HDF5Error`.
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
