internal import Atmospheres
internal import Exploration
internal import HDF5

/// The layout of the group `/inferred`: what the evaluated points say about every position of the lattice.
struct InferredLayout {
    /// The variable with a code for each position, shape: that of the lattice.
    static let status = "inferred_status"
    static let statusPath = Schema.GroupName.inferred.path(status)

    /// What is wrong with a file in which `/inferred` is something else.
    static let strangeGroup = "\(Schema.GroupName.inferred.path) is not a map that this program inferred"

    let lattice: Lattice

    /// Lays the map out on the lattice of the file.
    init(of lattice: Lattice) { self.lattice = lattice }

    /// The lengths of the axes.
    var shape: [Int] { lattice.axes.map(\.count) }

    /// The names of the dimensions, the last varying fastest.
    var dimensions: [String] { lattice.axes.map(\.gas.formula) }

    /// Returns the attributes of a dimension.
    func attributes(ofDimension name: String) -> [Schema.Attribute] {
        [.init(.units, "1"), .init(.longName, "\(name) surface volume mixing ratio")]
    }

    /// The attributes of the codes.
    let statusAttributes: [Schema.Attribute] = [
        .init(.longName, "what the evaluated points say of this one"),
        .init(.flagValues, .list(InferredMap.Kind.allCases.map(\.rawValue))),
        .init(.flagMeanings, InferredMap.Kind.allCases.map(\.name).joined(separator: " ")),
        .init(
            .comment,
            "No result of the model. enclosed: surrounded by evaluated points of one kind; predicted: by a fit to "
                + "evaluated points; evaluated: see the rows."),
    ]

    /// The group and its variables, for the list of what a file contains.
    var members: [Schema.Member] {
        [
            Schema.member(of: .inferred, []),
            .init(.inferred, Self.status, dimensions.joined(separator: ", ") + ": int8", statusAttributes),
        ] + dimensions.map { .init(.inferred, $0, "\($0): float64", attributes(ofDimension: $0)) }
    }

    /// Checks whether the member `inferred` of `root` is a map that this program wrote.
    ///
    /// - Returns: whether it is a group with exactly the variables of this layout, the codes marked as such.
    func isIn(_ root: borrowing Group) throws(HDF5Error) -> Bool {
        guard try root.isGroup(Schema.GroupName.inferred.rawValue) else { return false }
        let group = try Group(opening: Schema.GroupName.inferred.path, in: root)
        guard try Set(group.names) == Set(dimensions + [Self.status]), try !group.isGroup(Self.status) else {
            return false
        }
        let codes = try Dataset(opening: Self.status, in: group)
        guard try codes.shape == shape, try codes.elementType == .int8 else { return false }
        return try codes.text(.flagMeanings) != nil
    }
}
