internal import Atmospheres
internal import Exploration
internal import Results

/// A request for a map, resolved: axes by number, slices by index.
struct MapPlan {
    /// The number of the horizontal axis.
    let x: Int
    /// The number of the vertical axis.
    let y: Int
    /// The axes held at one value, with the index of that value.
    let slices: [(axis: Int, index: Int32)]
    /// The axes along which points share a cell.
    let projected: [Int]
    /// What is done with the axes that are not shown, one phrase each, for the reader of the map.
    let phrases: [String]
    /// What the user should know, such as a slice that is not at the requested value.
    let notes: [String]
    /// The variable that colours stable cells; `nil` when they are coloured by outcome.
    let color: Variable?
    /// Every variable of the file.
    let variables: [Variable]

    /// Resolves a request.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - lattice: the lattice of the file.
    ///   - variables: the variables of the file.
    /// - Throws: ``MapError`` when the request does not fit the file.
    init(_ request: MapRequest, _ lattice: Lattice, _ variables: [Variable]) throws(MapError) {
        guard lattice.dimensions >= 2 else {
            throw MapError(
                "the experiment has one axis, \(lattice.axes[0].gas), but a map needs two; "
                    + "plot its points in a notebook (jobs/results.ipynb)")
        }
        var phrases: [String]
        (slices, phrases, notes) = try Self.slices(request.slices, lattice)
        let sliced = slices.map(\.axis)
        (x, y) = try Self.axes(request, lattice, sliced: sliced)
        let shown = [x, y]
        projected = (0..<lattice.dimensions).filter { !sliced.contains($0) && !shown.contains($0) }
        if !projected.isEmpty {
            let gases = projected.map { lattice.axes[$0].gas.formula }.joined(separator: ", ")
            phrases.append(
                request.projection == .any
                    ? "stable if any explored point along \(gases) is"
                    : "stable if all explored points along \(gases) are")
        }
        self.phrases = phrases
        self.variables = variables
        color = try request.color.flatMap { (name) throws(MapError) in
            name == "status" ? nil : try Self.quantity(name, variables)
        }
    }

    /// Resolves the slices.
    ///
    /// - Parameters:
    ///   - slices: the requested slices.
    ///   - lattice: the lattice of the file.
    /// - Returns: the slices, a phrase for all of them, and notes about those that are not at the requested value.
    /// - Throws: ``MapError`` for an unknown gas, a gas with two slices, or a value outside its axis.
    private static func slices(
        _ slices: [MapRequest.Slice], _ lattice: Lattice
    ) throws(MapError) -> ([(axis: Int, index: Int32)], phrases: [String], notes: [String]) {
        var resolved: [(axis: Int, index: Int32)] = []
        var (values, notes): ([String], [String]) = ([], [])
        for slice in slices {
            let axis = try Self.axis(slice.gas, "--slice", lattice)
            guard !resolved.contains(where: { $0.axis == axis }) else {
                throw MapError("--slice \(slice.gas): given twice; keep one")
            }
            let index = try Self.index(slice, on: lattice.axes[axis])
            let value = lattice.axes[axis].values[index]
            if let wanted = slice.value, abs(wanted - value) > 1e-6 * abs(wanted) {
                notes.append(
                    "--slice \(slice.gas)=\(wanted.brief): using \(value.brief), the nearest value on the axis")
            }
            resolved.append((axis, Int32(index)))
            values.append("\(lattice.axes[axis].gas) = \(value.brief)")
        }
        return (resolved, values.isEmpty ? [] : [values.joined(separator: ", ")], notes)
    }

    /// Chooses the two axes of the map: those requested, else the first ones without a slice.
    private static func axes(
        _ request: MapRequest, _ lattice: Lattice, sliced: [Int]
    ) throws(MapError) -> (x: Int, y: Int) {
        let (wantedX, wantedY) = (
            try request.x.map { (name) throws(MapError) in try axis(name, "--x", lattice) },
            try request.y.map { (name) throws(MapError) in try axis(name, "--y", lattice) }
        )
        let free = (0..<lattice.dimensions).filter { !sliced.contains($0) }
        guard let x = wantedX ?? free.first(where: { $0 != wantedY }),
            let y = wantedY ?? free.first(where: { $0 != x })
        else { throw MapError("a map needs two axes without --slice; give fewer slices") }
        guard x != y else { throw MapError("--x and --y name the same gas; name two") }
        for axis in [x, y] where sliced.contains(axis) {
            throw MapError("\(lattice.axes[axis].gas) is an axis of the map and has a --slice; give one or the other")
        }
        return (x, y)
    }

    private static func axis(_ name: String, _ option: String, _ lattice: Lattice) throws(MapError) -> Int {
        let wanted = name.lowercased()
        let match = lattice.axes.firstIndex {
            $0.gas.formula.lowercased() == wanted || $0.gas.variableName == wanted
        }
        guard let match else {
            let known = lattice.axes.map(\.gas.formula).joined(separator: ", ")
            throw MapError("\(option) \(name): not an axis of this experiment; its axes are \(known)")
        }
        return match
    }

    private static func index(_ slice: MapRequest.Slice, on axis: Axis) throws(MapError) -> Int {
        guard let value = slice.value else { return axis.origin }
        let (least, greatest) = (axis.values[0], axis.values[axis.count - 1])
        let tolerance = 1e-6 * abs(value)
        guard value >= least - tolerance, value <= greatest + tolerance else {
            throw MapError(
                "--slice \(slice.gas)=\(value.brief): outside the axis, which runs from \(least.brief) to "
                    + "\(greatest.brief)")
        }
        return axis.values.indices.min { abs(axis.values[$0] - value) < abs(axis.values[$1] - value) }!
    }

    private static func quantity(_ name: String, _ variables: [Variable]) throws(MapError) -> Variable {
        let usable = variables.filter { !$0.isCode && $0.length == 1 }
        guard let match = usable.first(where: { $0.name == name }) else {
            let known = (["status"] + usable.map(\.name)).joined(separator: ", ")
            throw MapError("--color \(name): not a scalar variable of this file; choose one of \(known)")
        }
        return match
    }
}
