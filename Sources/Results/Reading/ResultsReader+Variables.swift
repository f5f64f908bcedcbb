internal import HDF5

/// A variable with a row for each point, as a results file describes it.
public struct Variable: Sendable, Equatable {
    public let name: String
    /// UDUNITS text; "1" for ratios; empty where there is none.
    public let unit: String
    public let longName: String
    /// Name of the dimension after `point`; `nil` for one number a point.
    public let dimension: String?
    /// Numbers in a row.
    public let length: Int
    /// Whether it is one of status, reason and the like, whose numbers say who and not how much.
    public let isCode: Bool
}

extension ResultsReader {
    /// The variables of the root group with a row for each point, in the order of the file.
    public func variables() throws -> [Variable] {
        let root = try Group(opening: "/", in: opened.file)
        var scales: [(name: String, length: Int)] = []
        var variables: [Variable] = []
        for name in try root.namesInOrder where try !root.isGroup(name) {
            let dataset = try opened.dataset(name)
            if try dataset.isScale, try !dataset.isGrowing { scales.append((name, try dataset.count)) }
        }
        for name in try root.namesInOrder where try !root.isGroup(name) && name != "point" {
            let dataset = try opened.dataset(name)
            guard try dataset.isGrowing, try !dataset.isScale,
                try dataset.isAttached(try Dataset(opening: "/point", in: opened.file), to: 0)
            else { continue }
            var dimension: String?
            if let length = dataset.trailing.first {
                for scale in scales where scale.length == length {
                    let candidate = try Dataset(opening: scale.name, in: opened.file)
                    if try dataset.isAttached(candidate, to: 1) { dimension = scale.name }
                }
            }
            variables.append(
                Variable(
                    name: name, unit: try dataset.attribute("units")?.text ?? "",
                    longName: try dataset.attribute("long_name")?.text ?? name, dimension: dimension,
                    length: dataset.trailing.reduce(1, *),
                    isCode: try name == "grid_index" || dataset.hasAttribute("flag_values")))
        }
        return variables
    }

    /// Row of ``hostTable()`` with the rank that evaluated each row; -1 where it is not known.
    public func hostRows() throws -> [Int32] {
        let all = try numbers("/run/host", as: Int32.self, rows: 0..<rowCount)
        return pendingRows.isEmpty ? all : rows.map { all[$0] }
    }

    /// Number of workers that were lost, where the file was closed in order and says so.
    public func lostWorkers() throws -> Int? {
        try number("lost_workers").map { Int($0) }
    }

    /// Bytes of the file.
    public var byteCount: Int { fileSize(path) }

    /// When the file was last changed, seconds since 1970-01-01T00:00:00Z.
    public var modifiedAt: Double? { modificationTime(path) }
}
