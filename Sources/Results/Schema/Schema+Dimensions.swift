internal import Atmospheres
internal import Exploration
internal import HDF5

// The declarations behind `Schema.dimensions` and the tables of names.
extension Schema {
    /// Declares the explored gases and the vertical grids.
    static func rootDimensions(_ model: ModelDescription, _ lattice: Lattice) -> [Dimension] {
        var grids: [VerticalGrid] = []
        for profile in model.profiles where !grids.contains(profile.grid) { grids.append(profile.grid) }
        return [
            Dimension(
                group: .root, name: RootName.gas.rawValue, length: lattice.dimensions, scale: .index,
                attributes: [Attribute(.longName, "explored gas, in the order of the axes")]),
            Dimension(
                group: .root, name: RootName.gasNameLength.rawValue, length: gasNames(lattice).length, scale: .length,
                attributes: []),
        ]
            + grids.map { grid in
                Dimension(
                    group: .root, name: grid.name, length: grid.count, scale: .index,
                    attributes: [Attribute(.longName, grid.longName), Attribute(.comment, "Surface first.")])
            }
    }

    /// Declares a dimension for each explored gas, whose scale holds the values of the axis.
    static func axisDimensions(_ lattice: Lattice) -> [Dimension] {
        lattice.axes.map { axis in
            var attributes = [
                Attribute(.units, "1"),
                Attribute(.longName, "\(axis.gas.formula) surface volume mixing ratio on its axis"),
            ]
            if let name = axis.gas.standardName { attributes.append(Attribute(.standardName, name)) }
            attributes.append(Attribute(.originIndex, .scalar(Int32(axis.origin))))
            return Dimension(
                group: .axes, name: axis.gas.formula, length: axis.count, scale: .values(axis.values),
                attributes: attributes)
        }
    }

    /// Declares the table of the explored gases.
    static func gasNames(_ lattice: Lattice) -> NameTable {
        NameTable(
            group: .root, name: RootName.gasName.rawValue, rowDimension: RootName.gas.rawValue,
            lengthDimension: RootName.gasNameLength.rawValue, names: lattice.axes.map(\.gas.formula),
            attributes: [
                Attribute(.longName, "formula of the explored gas"), Attribute(.encoding, "utf-8"),
            ])
    }

    /// The attributes of `/run`.
    static let runAttributes = [Attribute(.comment, "How each point was evaluated. Rows are those of the root group.")]

    /// Returns the attributes of `/axes`, which say what the axes leave open: the held gases and the filler.
    static func axesAttributes(_ lattice: Lattice) -> [Attribute] {
        var attributes = [
            Attribute(
                .comment,
                "The lattice: values of each explored gas; origin_index is the place of the starting point. "
                    + "The order of the axes is that of gas_name.")
        ]
        if !lattice.held.isEmpty {
            attributes.append(Attribute(.heldGases, lattice.held.map(\.gas.formula).joined(separator: " ")))
            attributes.append(Attribute(.heldMixingRatios, .list(lattice.held.map(\.mixingRatio))))
        }
        if let filler = lattice.filler { attributes.append(Attribute(.fillerGas, filler.formula)) }
        return attributes
    }
}
