internal import Atmospheres
internal import Exploration
internal import HDF5

// The declarations behind `Schema.columns`.
//
// Attributes follow the CF Conventions 1.11: units (section 3.1), long_name and standard_name (3.2, 3.3), flags (3.5),
// coordinates (5), time (4.4).
extension Schema {
    /// Rows in a chunk of a variable that has one number a point.
    static let rowsPerChunk = 1024
    /// Rows in a chunk of a profile.
    static let profileRowsPerChunk = 64

    /// `point`, `status` and `reason`.
    static func identity(_ model: ModelDescription) -> [Column] {
        let reasons = model.allReasons
        return [
            column(
                .root, "point", .int64, .row, fill: .scalar(Int64(-1)),
                [Attribute("long_name", "number of the point, in order of completion")]),
            column(
                .root, "status", .int8, .status, fill: .scalar(Int8(0)),
                [
                    Attribute("long_name", "outcome of the evaluation"),
                    Attribute("flag_values", .list(Outcome.allCases.map(\.rawValue))),
                    Attribute("flag_meanings", Outcome.allCases.map(\.name).joined(separator: " ")),
                    Attribute("comment", "A row with status 0 (pending) holds no result: use rows with status > 0."),
                ]),
            column(
                .root, "reason", .uint8, .reason, fill: .scalar(UInt8(0)),
                [
                    Attribute("long_name", "reason for the outcome"),
                    Attribute("flag_values", .list(reasons.map(\.code))),
                    Attribute("flag_meanings", reasons.map(\.name).joined(separator: " ")),
                ]),
        ]
    }

    /// The mixing ratio of every gas, and `grid_index`.
    static func compositions(_ lattice: Lattice) -> [Column] {
        let ratios = lattice.gases.enumerated().map { number, gas in
            var attributes = [
                Attribute("units", "1"), Attribute("long_name", "\(gas.formula) surface volume mixing ratio"),
            ]
            if let name = gas.standardName { attributes.append(Attribute("standard_name", name)) }
            if gas == lattice.filler {
                attributes.append(Attribute("comment", "The filler: what the other gases leave of 1."))
            } else if lattice.held.contains(where: { $0.gas == gas }) {
                attributes.append(Attribute("comment", "Held at this value at every point."))
            }
            return column(.root, gas.variableName, .float64, .mixingRatio(number), attributes)
        }
        let index = column(
            .root, "grid_index", .int32, .gridIndex, fill: .scalar(Int32(-1)), dimension: "gas",
            length: lattice.dimensions, rowsPerChunk: rowsPerChunk,
            [
                Attribute("long_name", "position on the lattice: index on the axis of each explored gas"),
                Attribute("comment", "The identity of a point. The axes are in the group axes; indices from 0."),
            ])
        return ratios + [index]
    }

    /// A variable for each quantity of the model.
    static func quantities(_ model: ModelDescription, _ lattice: Lattice) -> [Column] {
        let coordinates = lattice.axes.map(\.gas.variableName).joined(separator: " ")
        return model.quantities.enumerated().map { number, quantity in
            column(
                .root, quantity.name, type(of: quantity), .quantity(number), fill: fill(of: quantity),
                attributes(of: quantity) + [Attribute("coordinates", coordinates)])
        }
    }

    /// A variable for each profile of the model, with the vertical coordinates of its grid named.
    static func profiles(_ model: ModelDescription) -> [Column] {
        var first = 0
        return model.profiles.map { profile in
            let (quantity, grid) = (profile.quantity, profile.grid)
            var extra: [Attribute] = []
            if isHeight(quantity) { extra.append(Attribute("positive", "up")) }
            let coordinates = model.profiles.filter { $0.grid == grid && isVertical($0.quantity) }
                .map(\.quantity.name)
            if !isVertical(quantity), !coordinates.isEmpty {
                extra.append(Attribute("coordinates", coordinates.joined(separator: " ")))
            }
            defer { first += grid.count }
            return column(
                .root, quantity.name, type(of: quantity), .profile(first), fill: fill(of: quantity),
                dimension: grid.name, length: grid.count, rowsPerChunk: profileRowsPerChunk,
                attributes(of: quantity) + extra)
        }
    }

    /// The group `/run`: who evaluated a row, when, from which parent.
    static func provenance() -> [Column] {
        func time(_ name: String, _ source: Column.Source, _ longName: String) -> Column {
            column(
                .run, name, .float64, source,
                [
                    Attribute("units", "seconds since 1970-01-01T00:00:00Z"), Attribute("calendar", "standard"),
                    Attribute("long_name", longName), Attribute("comment", "By the clock of the worker's host."),
                ])
        }
        return [
            time("started_at", .startedAt, "start of the evaluation"),
            time("finished_at", .finishedAt, "end of the evaluation"),
            column(
                .run, "wall_time", .float32, .wallTime,
                [Attribute("units", "s"), Attribute("long_name", "duration of the evaluation")]),
            column(
                .run, "worker", .int32, .worker, fill: .scalar(Int32(-1)),
                [Attribute("long_name", "MPI rank that evaluated the point")]),
            column(
                .run, "host", .int32, .host, fill: .scalar(Int32(-1)),
                [
                    Attribute("long_name", "row of \(HostTable.name) with the host that evaluated the point"),
                    Attribute("valid_min", .scalar(Int32(0))), Attribute("comment", "-1 where it is not known."),
                ]),
            column(
                .run, "attempt", .int8, .attempt, fill: .scalar(Int8(0)),
                [Attribute("long_name", "attempts made, this one included")]),
            column(
                .run, "exit_code", .int16, .exitCode, fill: .scalar(Int16(0)),
                [Attribute("long_name", "exit status of the model's process; 0 for a model without one")]),
            column(
                .run, "parent", .int64, .parent, fill: .scalar(Int64(-1)),
                [Attribute("long_name", "point that this one was started from; -1 for the origin")]),
            column(
                .run, "generation", .int32, .generation, fill: .scalar(Int32(-1)),
                [Attribute("long_name", "steps from the origin along parents")]),
        ]
    }

    /// Where the bytes of a row are in each heap.
    static func heapColumns(_ heaps: [Heap]) -> [Column] {
        heaps.flatMap { heap in
            [
                column(
                    .run, heap.offsetColumn, .int64, .heapOffset(heap), fill: .scalar(Int64(-1)),
                    [Attribute("long_name", "first byte of the row in \(heap.name); -1 for none")]),
                column(
                    .run, heap.lengthColumn, .int32, .heapLength(heap), fill: .scalar(Int32(0)),
                    [Attribute("long_name", "bytes of the row in \(heap.name)")]),
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
        var attributes = [Attribute("units", quantity.unit), Attribute("long_name", quantity.longName)]
        if let name = quantity.standardName { attributes.append(Attribute("standard_name", name)) }
        var comments = quantity.comment.map { [$0] } ?? []
        if quantity.storage == .int32 {
            attributes.append(Attribute("valid_min", .scalar(Int32(0))))
            comments.append("Rounded to whole numbers; -1 where the model gave none.")
        }
        if !comments.isEmpty { attributes.append(Attribute("comment", comments.joined(separator: " "))) }
        return attributes
    }

    /// Whether the profile tells where its levels are.
    private static func isVertical(_ quantity: Quantity) -> Bool {
        quantity.standardName == "air_pressure" || quantity.name.hasSuffix("pressure") && quantity.unit == "Pa"
            || isHeight(quantity)
    }

    private static func isHeight(_ quantity: Quantity) -> Bool {
        quantity.standardName == "altitude" || quantity.standardName == "height"
            || quantity.name.hasSuffix("altitude") && quantity.unit == "m"
    }

    /// A column with one number a point. Floats read as NaN before they are written, and say so in `_FillValue`; a
    /// `_FillValue` on an integer would make xarray promote it to float.
    private static func column(
        _ group: Group, _ name: String, _ type: ElementType, _ source: Column.Source, fill: AttributeValue? = nil,
        dimension: String? = nil, length: Int = 1, rowsPerChunk: Int = rowsPerChunk, _ attributes: [Attribute]
    ) -> Column {
        let isFloat = type == .float64 || type == .float32
        let fill = fill ?? (type == .float32 ? .scalar(Float.nan) : .scalar(Double.nan))
        return Column(
            group: group, name: name, type: type, dimensions: ["point"] + (dimension.map { [$0] } ?? []),
            trailing: dimension == nil ? [] : [length], chunk: [rowsPerChunk] + (dimension == nil ? [] : [length]),
            fill: fill, attributes: (isFloat ? [Attribute("_FillValue", fill)] : []) + attributes, source: source)
    }
}
