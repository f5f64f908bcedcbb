internal import Atmospheres
internal import Exploration
internal import HDF5

// What a file of this schema contains, for the check of a file and for people.
extension Schema {
    /// A group or a variable of the file.
    public struct Member: Sendable {
        /// The group that it is in.
        public let group: GroupName
        /// The name in its group.
        public let name: String
        /// The dimensions and the type of the elements: "point, gas: int32".
        public let shape: String
        /// What it means, in words.
        public let meaning: String
        let attributes: [Attribute]

        /// The path in the file: "/run/attempt".
        public var path: String { group.path(name) }

        /// The unit, UDUNITS text; empty where there is none.
        public var unit: String { attributes[.units] ?? "" }

        init(_ group: GroupName, _ name: String, _ shape: String, _ attributes: [Attribute], meaning: String? = nil) {
            self.group = group
            self.name = name
            self.shape = shape
            self.meaning = meaning ?? attributes[.longName] ?? ""
            self.attributes = attributes
        }
    }

    /// Lists the groups and variables of a file, in the order of the file.
    ///
    /// - Parameter hasInferredMap: whether the file may hold the map that a refinement infers.
    /// - Returns: every member that the file may have, each of which occurs.
    public func members(hasInferredMap: Bool) -> [Member] {
        members(of: .root, Self.member(of: gasNames))
            + members(of: .run, HostTable.members + texts.map(Self.member) + blobs.flatMap(\.members))
            + members(of: .axes, [])
            + (hasInferredMap ? InferredLayout(of: lattice).members : [])
    }

    private func members(of group: GroupName, _ others: [Member]) -> [Member] {
        var members: [Member] = []
        if group != .root { members.append(Self.member(of: group, groupAttributes[group] ?? [])) }
        members += columns.filter { $0.group == group }.map(Self.member)
        members += dimensions.filter { $0.group == group }.map(Self.member)
        return members + others
    }

    /// Describes a group as a member of the root group.
    static func member(of group: GroupName, _ attributes: [Attribute]) -> Member {
        let meaning =
            switch group {
            case .root: ""
            case .run: "how each row was made"
            case .axes: "the lattice: a dimension for each explored gas"
            case .inferred: "what a refinement infers, in a file that was closed after it"
            }
        return Member(.root, group.rawValue, "group", attributes, meaning: meaning)
    }

    private static func member(of column: Column) -> Member {
        let meaning: String? =
            switch column.source {
            case .status:
                (column.attributes[.longName] ?? "") + ": "
                    + Outcome.allCases.map { "\($0.rawValue) \($0.name)" }.joined(separator: ", ")
            case .reason: (column.attributes[.longName] ?? "") + ", in `\(AttributeName.flagMeanings.text)`"
            default: nil
            }
        return Member(
            column.group, column.name, "\(column.dimensions.joined(separator: ", ")): \(column.type.rawValue)",
            column.attributes, meaning: meaning)
    }

    private static func member(of dimension: Dimension) -> Member {
        switch dimension.scale {
        case .index: Member(dimension.group, dimension.name, "\(dimension.name): int32", dimension.attributes)
        case .values: Member(dimension.group, dimension.name, "\(dimension.name): float64", dimension.attributes)
        case .length:
            bareDimension(dimension.group, dimension.name, "length of the longest \(RootName.gasName.rawValue)")
        }
    }

    private static func member(of table: NameTable) -> [Member] {
        [Member(table.group, table.name, "\(table.rowDimension): text", table.attributes)]
    }

    private static func member(of text: Text) -> Member {
        Member(.run, text.name, "text", [Attribute(.longName, text.meaning)])
    }

    /// Describes a dimension whose scale holds nothing.
    static func bareDimension(_ group: GroupName, _ name: String, _ meaning: String) -> Member {
        Member(group, name, "dimension without values", [], meaning: meaning)
    }
}

extension Schema {
    /// An attribute that a file may have.
    public struct ListedAttribute: Sendable {
        /// Where the attribute is: "" for the file as a whole, the name of a group, or "*" for variables.
        public let owner: String
        /// The name and the meaning.
        public let name: AttributeName

        /// The name as `ncdump` writes it: ":title", "axes:held_gases", "*:units".
        public var path: String { "\(owner):\(name.text)" }
    }

    /// Lists the attributes of the file as a whole, of its groups and of its variables.
    ///
    /// - Parameter hasInferredMap: whether the file may hold the map that a refinement infers.
    /// - Returns: every attribute that the file may have; the library's own, which describe dimensions, are left out.
    public func attributes(hasInferredMap: Bool) -> [ListedAttribute] {
        let global = (RunMetadata.attributeNames + AttributeName.closing).map { ListedAttribute(owner: "", name: $0) }
        let groups = GroupName.always.flatMap { group in
            (groupAttributes[group] ?? []).map { ListedAttribute(owner: group.rawValue, name: $0.name) }
        }
        var variables: [AttributeName] = []
        for member in members(hasInferredMap: hasInferredMap) where member.shape != "group" {
            for attribute in member.attributes where !variables.contains(attribute.name) {
                variables.append(attribute.name)
            }
        }
        return global + groups + variables.map { ListedAttribute(owner: "*", name: $0) }
    }
}
