internal import Atmospheres
internal import HDF5

// Compares the schema with a file.
extension Schema {
    /// Returns how the layout of `file` differs from this one, in words; empty when rows of this schema can be added to
    /// the file.
    func differences(in file: borrowing File) throws(HDF5Error) -> [String] {
        let root = try Group(opening: GroupName.root.path, in: file)
        var differences: [String] = []
        for group in [GroupName.run, .axes] {
            let isThere = try root.contains(group.rawValue)
            guard isThere, try root.isGroup(group.rawValue) else {
                differences.append("there is no group \(group.path)")
                continue
            }
        }
        guard differences.isEmpty else { return differences }
        let run = try Group(opening: GroupName.run.path, in: file)
        for name in blobs.flatMap(\.variables) where try !run.contains(name) {
            differences.append("there is no \(GroupName.run.path(name))")
        }
        for group in GroupName.always {
            let opened = try Group(opening: group.path, in: file)
            for dimension in dimensions where dimension.group == group {
                differences += try self.differences(dimension, in: opened)
            }
            for column in columns where column.group == group {
                differences += try self.differences(column, in: opened)
            }
            differences += try attributeDifferences(group.path, groupAttributes[group] ?? [], opened)
            differences += try unexpectedVariables(group, in: opened)
        }
        if try root.contains(GroupName.inferred.rawValue), try !InferredLayout(of: lattice).isIn(root) {
            differences.append(InferredLayout.strangeGroup)
        }
        return differences
    }

    private func differences(
        _ dimension: Dimension, in group: borrowing Group
    ) throws(HDF5Error) -> [String] {
        let name = dimension.group == .root ? dimension.name : dimension.group.path(dimension.name)
        guard try group.contains(dimension.name) else { return ["there is no dimension \(name)"] }
        let dataset = try Dataset(opening: dimension.name, in: group)
        let count = try dataset.count
        guard count == dimension.length else { return ["\(name) has length \(count), not \(dimension.length)"] }
        if case .values(let values) = dimension.scale, try dataset.read(Double.self) != values {
            return ["\(name) has other values"]
        }
        return try attributeDifferences(name, dimension.attributes, dataset)
    }

    private func differences(_ column: Column, in group: borrowing Group) throws(HDF5Error) -> [String] {
        guard try group.contains(column.name) else { return ["there is no \(column.path)"] }
        let dataset = try Dataset(opening: column.name, in: group)
        let type = try dataset.elementType
        guard type == column.type else {
            return ["\(column.path) is \(type?.rawValue ?? "of an unknown type"), not \(column.type)"]
        }
        guard !dataset.isScalar, dataset.trailing == column.trailing else {
            return ["\(column.path) has rows of shape \(dataset.trailing), not \(column.trailing)"]
        }
        // Values are compared as bytes: a fill value of NaN does not equal itself as a number.
        return try attributeDifferences(column.path, column.attributes, dataset)
    }

    private func attributeDifferences(
        _ path: String, _ attributes: [Attribute], _ object: borrowing some Object & ~Copyable
    ) throws(HDF5Error) -> [String] {
        var differences: [String] = []
        for attribute in attributes where try object.attribute(attribute.name) != attribute.value {
            differences.append("\(path) differs in its attribute \(attribute.name.text)")
        }
        return differences
    }

    /// Returns a difference for each member of the group that the schema does not have.
    private func unexpectedVariables(_ group: GroupName, in opened: borrowing Group) throws(HDF5Error) -> [String] {
        let known = Set(members(hasInferredMap: true).filter { $0.group == group }.map(\.name))
        return try opened.names.filter { !known.contains($0) }.map {
            "there is a variable \(group == .root ? $0 : group.path($0)) that this experiment does not have"
        }
    }
}
