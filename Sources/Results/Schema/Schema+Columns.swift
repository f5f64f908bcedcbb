internal import Atmospheres
internal import Exploration
internal import HDF5

// The declarations behind `Schema.columns`.
//
// Attributes follow the CF Conventions 1.11: units (section 3.1), long_name and standard_name (3.2, 3.3), flags (3.5),
// coordinates (5), time (4.4).
extension Schema {
    /// The number of rows in a chunk of a variable with one number a row.
    static let rowsPerChunk = 1024
    /// The number of rows in a chunk of a profile.
    static let profileRowsPerChunk = 64

    /// Declares `point`, `status` and `reason`.
    static func identity(_ model: ModelDescription) -> [Column] {
        let reasons = model.allReasons
        return [
            column(
                RootName.point.rawValue, .int64, .row, fill: .scalar(Int64(-1)),
                [Attribute(.longName, "number of the point, in order of completion")]),
            column(
                RootName.status.rawValue, .int8, .status, fill: .scalar(Int8(0)),
                [
                    Attribute(.longName, "outcome of the evaluation"),
                    Attribute(.flagValues, .list(Outcome.allCases.map(\.rawValue))),
                    Attribute(.flagMeanings, Outcome.allCases.map(\.name).joined(separator: " ")),
                    Attribute(.comment, "A row with status 0 (pending) holds no result: use rows with status > 0."),
                ]),
            column(
                RootName.reason.rawValue, .uint8, .reason, fill: .scalar(UInt8(0)),
                [
                    Attribute(.longName, "reason for the outcome"),
                    Attribute(.flagValues, .list(reasons.map(\.code))),
                    Attribute(.flagMeanings, reasons.map(\.name).joined(separator: " ")),
                ]),
        ]
    }

    /// Declares the mixing ratio of every gas, and `grid_index`.
    static func compositions(_ lattice: Lattice) -> [Column] {
        let ratios = lattice.gases.enumerated().map { index, gas in
            var attributes = [
                Attribute(.units, "1"), Attribute(.longName, "\(gas.formula) surface volume mixing ratio"),
            ]
            if let name = gas.standardName { attributes.append(Attribute(.standardName, name)) }
            if gas == lattice.filler {
                attributes.append(Attribute(.comment, "The filler: what the other gases leave of 1."))
            } else if lattice.held.contains(where: { $0.gas == gas }) {
                attributes.append(Attribute(.comment, "Held at this value at every point."))
            }
            return column(gas.variableName, .float64, .mixingRatio(index), attributes)
        }
        let index = column(
            RootName.gridIndex.rawValue, .int32, .gridIndex, fill: .scalar(Int32(-1)),
            dimension: RootName.gas.rawValue, length: lattice.dimensions, rowsPerChunk: rowsPerChunk,
            [
                Attribute(.longName, "position on the lattice: index on the axis of each explored gas"),
                Attribute(.comment, "The identity of a point. The axes are in the group axes; indices from 0."),
            ])
        return ratios + [index]
    }

    /// Declares a variable for each quantity of the model.
    static func quantities(_ model: ModelDescription, _ lattice: Lattice) -> [Column] {
        let coordinates = lattice.axes.map(\.gas.variableName).joined(separator: " ")
        return model.quantities.enumerated().map { index, quantity in
            column(
                quantity.name, type(of: quantity), .quantity(index), fill: fill(of: quantity),
                attributes(of: quantity) + [Attribute(.coordinates, coordinates)])
        }
    }

    /// Declares a variable for each profile of the model, which names the vertical coordinates of its grid.
    static func profiles(_ model: ModelDescription) -> [Column] {
        zip(model.profiles, model.profileRanges).map { profile, range in
            let (quantity, grid) = (profile.quantity, profile.grid)
            var extra: [Attribute] = []
            if isHeight(quantity) { extra.append(Attribute(.positive, "up")) }
            let coordinates = model.profiles.filter { $0.grid == grid && isVertical($0.quantity) }
                .map(\.quantity.name)
            if !isVertical(quantity), !coordinates.isEmpty {
                extra.append(Attribute(.coordinates, coordinates.joined(separator: " ")))
            }
            return column(
                quantity.name, type(of: quantity), .profile(range.lowerBound), fill: fill(of: quantity),
                dimension: grid.name, length: grid.count, rowsPerChunk: profileRowsPerChunk,
                attributes(of: quantity) + extra)
        }
    }

    /// Declares the columns of `/run` that every file has.
    static func provenance() -> [Column] {
        runColumns.enumerated().map { index, declaration in
            column(
                in: .run, declaration.name, declaration.type, .run(index), fill: declaration.fill,
                declaration.attributes)
        }
    }

    /// Declares where the bytes of a row are among each kind of blobs.
    static func blobColumns(_ blobs: [Blobs]) -> [Column] {
        blobs.flatMap { blobs in
            [
                column(
                    in: .run, blobs.offsetColumn, .int64, .blobOffset(blobs), fill: .scalar(Int64(-1)),
                    [Attribute(.longName, "first byte of the row in \(blobs.name); -1 for none")]),
                column(
                    in: .run, blobs.lengthColumn, .int32, .blobLength(blobs), fill: .scalar(Int32(0)),
                    [Attribute(.longName, "bytes of the row in \(blobs.name)")]),
            ]
        }
    }

    private static func type(of quantity: Quantity) -> ElementType {
        switch quantity.storage {
        case .float64: .float64
        case .float32: .float32
        case .int32: .int32
        }
    }

    private static func fill(of quantity: Quantity) -> AttributeValue {
        switch quantity.storage {
        case .float64: .scalar(Double.nan)
        case .float32: .scalar(Float.nan)
        case .int32: .scalar(Int32(-1))
        }
    }

    private static func attributes(of quantity: Quantity) -> [Attribute] {
        var attributes = [Attribute(.units, quantity.unit), Attribute(.longName, quantity.longName)]
        if let name = quantity.standardName { attributes.append(Attribute(.standardName, name)) }
        var comments = quantity.comment.map { [$0] } ?? []
        if quantity.storage == .int32 {
            attributes.append(Attribute(.validMin, .scalar(Int32(0))))
            comments.append("Rounded to whole numbers; -1 where the model gave none.")
        }
        if !comments.isEmpty { attributes.append(Attribute(.comment, comments.joined(separator: " "))) }
        return attributes
    }

    /// Returns whether a profile says where its levels are.
    private static func isVertical(_ quantity: Quantity) -> Bool {
        quantity.standardName == "air_pressure" || quantity.name.hasSuffix("pressure") && quantity.unit == "Pa"
            || isHeight(quantity)
    }

    private static func isHeight(_ quantity: Quantity) -> Bool {
        quantity.standardName == "altitude" || quantity.standardName == "height"
            || quantity.name.hasSuffix("altitude") && quantity.unit == "m"
    }

    /// Declares a column, by default with one number a row.
    ///
    /// Floats read as NaN before they are written, and say so in `_FillValue`; a `_FillValue` on an integer would make
    /// xarray promote it to float.
    private static func column(
        in group: GroupName = .root, _ name: String, _ type: ElementType, _ source: Column.Source,
        fill: AttributeValue? = nil, dimension: String? = nil, length: Int = 1, rowsPerChunk: Int = rowsPerChunk,
        _ attributes: [Attribute]
    ) -> Column {
        let isFloat = type == .float64 || type == .float32
        let fill = fill ?? (type == .float32 ? .scalar(Float.nan) : .scalar(Double.nan))
        return Column(
            group: group, name: name, type: type,
            dimensions: [RootName.point.rawValue] + (dimension.map { [$0] } ?? []),
            trailing: dimension == nil ? [] : [length], chunk: [rowsPerChunk] + (dimension == nil ? [] : [length]),
            fill: fill, attributes: (isFloat ? [Attribute(.fillValue, fill)] : []) + attributes, source: source)
    }
}
