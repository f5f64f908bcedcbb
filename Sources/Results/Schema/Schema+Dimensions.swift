internal import Atmospheres
internal import Exploration
internal import HDF5

// The declarations behind `Schema.dimensions` and the tables of names.
extension Schema {
    /// The gases and the vertical grids.
    static func rootDimensions(_ model: ModelDescription, _ lattice: Lattice) -> [Dimension] {
        var grids: [VerticalGrid] = []
        for profile in model.profiles where !grids.contains(profile.grid) { grids.append(profile.grid) }
        precondition(Set(grids.map(\.name)).count == grids.count, "names of vertical grids differ")
        return [
            Dimension(
                group: .root, name: "gas", length: lattice.dimensions, scale: .index,
                attributes: [Attribute("long_name", "explored gas, in the order of the axes")]),
            Dimension(
                group: .root, name: "gas_name_strlen", length: gasNames(lattice).length, scale: .length,
                attributes: []),
        ]
            + grids.map { grid in
                Dimension(
                    group: .root, name: grid.name, length: grid.count, scale: .index,
                    attributes: [Attribute("long_name", grid.longName), Attribute("comment", "Surface first.")])
            }
    }

    /// A dimension for each explored gas, whose scale holds the values of the axis.
    static func axisDimensions(_ lattice: Lattice) -> [Dimension] {
        lattice.axes.map { axis in
            var attributes = [
                Attribute("units", "1"),
                Attribute("long_name", "\(axis.gas.formula) surface volume mixing ratio on its axis"),
            ]
            if let name = axis.gas.standardName { attributes.append(Attribute("standard_name", name)) }
            attributes.append(Attribute("origin_index", .scalar(Int32(axis.origin))))
            return Dimension(
                group: .axes, name: axis.gas.formula, length: axis.count, scale: .values(axis.values),
                attributes: attributes)
        }
    }

    static func gasNames(_ lattice: Lattice) -> NameTable {
        NameTable(
            group: .root, name: "gas_name", rowDimension: "gas", lengthDimension: "gas_name_strlen",
            names: lattice.axes.map(\.gas.formula),
            attributes: [
                Attribute("long_name", "formula of the explored gas"), Attribute("_Encoding", "utf-8"),
            ])
    }

    static let runAttributes = [Attribute("comment", "How each point was evaluated. Rows are those of the root group.")]

    /// What the axes leave open of the lattice: the held gases and the filler.
    static func axesAttributes(_ lattice: Lattice) -> [Attribute] {
        var attributes = [
            Attribute(
                "comment",
                "The lattice: values of each explored gas; origin_index is the place of the starting point. "
                    + "The order of the axes is that of gas_name.")
        ]
        if !lattice.held.isEmpty {
            attributes.append(Attribute("held_gases", lattice.held.map(\.gas.formula).joined(separator: " ")))
            attributes.append(Attribute("held_mixing_ratios", .list(lattice.held.map(\.mixingRatio))))
        }
        if let filler = lattice.filler { attributes.append(Attribute("filler_gas", filler.formula)) }
        return attributes
    }
}
