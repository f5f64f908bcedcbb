internal import Atmospheres
internal import Exploration
internal import Results

/// A request for a map, understood: numbers of axes instead of names.
struct MapPlan {
    /// Numbers of the axes.
    let x: Int
    let y: Int
    let slices: [(axis: Int, index: Int32)]
    /// Axes that points lie behind one another on.
    let projected: [Int]
    /// What was done with the other axes.
    let phrases: [String]
    let notes: [String]
    /// The variable that colours.
    let color: Variable?
    let variables: [Variable]

    init(_ request: MapRequest, _ lattice: Lattice, _ variables: [Variable]) throws(MapError) {
        guard lattice.dimensions >= 2 else {
            throw MapError(
                "the experiment has one axis, \(lattice.axes[0].gas), and a map needs two; "
                    + "draw its points in a notebook (jobs/results.ipynb)")
        }
        var slices: [(axis: Int, index: Int32)] = []
        var (fixed, notes): ([String], [String]) = ([], [])
        for slice in request.slices {
            let axis = try Self.axis(slice.gas, "--slice", lattice)
            guard !slices.contains(where: { $0.axis == axis }) else {
                throw MapError("--slice \(slice.gas): given twice; keep one")
            }
            let index = try Self.index(slice, on: lattice.axes[axis])
            let value = lattice.axes[axis].values[index]
            if let wanted = slice.value, abs(wanted - value) > 1e-6 * abs(wanted) {
                notes.append("--slice \(slice.gas)=\(wanted.brief): the nearest value on the axis is \(value.brief)")
            }
            slices.append((axis, Int32(index)))
            fixed.append("\(lattice.axes[axis].gas) = \(value.brief)")
        }
        var phrases = fixed.isEmpty ? [] : [fixed.joined(separator: ", ")]
        func isFree(_ axis: Int) -> Bool { !slices.contains { $0.axis == axis } }
        let (wantedX, wantedY) = (
            try request.x.map { (name) throws(MapError) in try Self.axis(name, "--x", lattice) },
            try request.y.map { (name) throws(MapError) in try Self.axis(name, "--y", lattice) }
        )
        let free = (0..<lattice.dimensions).filter(isFree)
        guard let x = wantedX ?? free.first(where: { $0 != wantedY }),
            let y = wantedY ?? free.first(where: { $0 != x })
        else { throw MapError("a map needs two axes without --slice") }
        guard x != y else { throw MapError("--x and --y name the same gas; name two") }
        for axis in [x, y] where !isFree(axis) {
            throw MapError("\(lattice.axes[axis].gas) is an axis of the map and has a --slice; give one or the other")
        }
        self.x = x
        self.y = y
        self.slices = slices
        self.notes = notes
        projected = free.filter { $0 != x && $0 != y }
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

    private static func axis(_ name: String, _ option: String, _ lattice: Lattice) throws(MapError) -> Int {
        let wanted = name.lowercased()
        let match = lattice.axes.firstIndex {
            $0.gas.formula.lowercased() == wanted || $0.gas.variableName == wanted
        }
        guard let match else {
            let known = lattice.axes.map(\.gas.formula).joined(separator: ", ")
            throw MapError("\(option) \(name): no axis of this experiment; it has \(known)")
        }
        return match
    }

    private static func index(_ slice: MapRequest.Slice, on axis: Axis) throws(MapError) -> Int {
        guard let value = slice.value else { return axis.origin }
        let (least, greatest) = (axis.values[0], axis.values[axis.count - 1])
        let tolerance = 1e-6 * abs(value)
        guard value >= least - tolerance, value <= greatest + tolerance else {
            throw MapError(
                "--slice \(slice.gas)=\(value.brief): outside its axis, which goes from \(least.brief) to "
                    + "\(greatest.brief)")
        }
        return axis.values.indices.min { abs(axis.values[$0] - value) < abs(axis.values[$1] - value) }!
    }

    private static func quantity(_ name: String, _ variables: [Variable]) throws(MapError) -> Variable {
        let usable = variables.filter { !$0.isCode && $0.length == 1 }
        guard let match = usable.first(where: { $0.name == name }) else {
            let known = (["status"] + usable.map(\.name)).joined(separator: ", ")
            throw MapError("--color \(name): no number of each point; there are \(known)")
        }
        return match
    }
}
