internal import HDF5

/// A variable with a row for each point, as a results file describes it.
public struct Variable: Sendable, Equatable {
    /// The name in the root group.
    public let name: String
    /// The unit, UDUNITS text; "1" for ratios; empty where there is none.
    public let unit: String
    /// What it is, in words.
    public let longName: String
    /// The name of the dimension after `point`; `nil` for one number a row.
    public let dimension: String?
    /// The number of elements in a row.
    public let length: Int
    /// Whether it is one of status, reason and the like, whose numbers are codes or indices and not amounts.
    public let isCode: Bool
}

extension ResultsReader {
    /// Returns the variables of the root group with a row for each point, in the order of the file.
    public func variables() throws -> [Variable] {
        let root = try Group(opening: Schema.GroupName.root.path, in: opened.file)
        var scales: [(name: String, length: Int)] = []
        var variables: [Variable] = []
        for name in try root.namesInOrder where try !root.isGroup(name) {
            let dataset = try opened.dataset(name)
            if try dataset.isScale, try !dataset.isGrowing { scales.append((name, try dataset.count)) }
        }
        let point = Schema.RootName.point
        for name in try root.namesInOrder where try !root.isGroup(name) && name != point.rawValue {
            let dataset = try opened.dataset(name)
            guard try dataset.isGrowing, try !dataset.isScale,
                try dataset.isAttached(try Dataset(opening: point.path, in: opened.file), to: 0)
            else { continue }
            var dimension: String?
            if let length = dataset.trailing.first {
                for scale in scales where scale.length == length {
                    let candidate = try Dataset(opening: scale.name, in: opened.file)
                    if try dataset.isAttached(candidate, to: 1) { dimension = scale.name }
                }
            }
            let isIndex = name == Schema.RootName.gridIndex.rawValue
            variables.append(
                Variable(
                    name: name, unit: try dataset.text(.units) ?? "",
                    longName: try dataset.text(.longName) ?? name, dimension: dimension,
                    length: dataset.trailing.reduce(1, *),
                    isCode: try isIndex || dataset.attribute(.flagValues) != nil))
        }
        return variables
    }
}
