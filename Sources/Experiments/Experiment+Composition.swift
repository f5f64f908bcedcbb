public import Atmospheres
import Exploration
import Yams

extension Experiment {
    /// Reads the mixing ratios of an atmosphere, on the lattice or off it.
    ///
    /// - Parameters:
    ///   - text: "CO2=0.01, CH4=1 ppm", or "origin". Gases that it does not name have their mixing ratio at the origin,
    ///     and the filler is what is left.
    ///   - option: where the text comes from, for errors.
    /// - Returns: the atmosphere.
    /// - Throws: when `text` names another gas, or the mixing ratios add up to more than 1.
    public func composition(at text: String, option: String) throws(ExperimentError) -> Composition {
        var composition = lattice.composition(of: lattice.origin)
        let location = SourceLocation(file: option)
        for part in text.split(separator: ",") where text.trimmed != "origin" {
            let sides = part.split(separator: "=", maxSplits: 1).map(\.trimmed)
            guard sides.count == 2 else {
                throw ExperimentError(location, "expected GAS=RATIO, found '\(part.oneLine)'; write CO2=0.01,CH4=1e-5")
            }
            let setting = Setting(node: Node(sides[1]), path: sides[0], file: option) { _ in false }
            let gas = try setting.gas(named: sides[0])
            guard gas != lattice.filler, let index = composition.gases.firstIndex(of: gas) else {
                let why =
                    gas == lattice.filler ? "is the filler, which is what the other gases leave" : "is not in 'origin'"
                throw ExperimentError(location, "\(gas) \(why); leave it out")
            }
            composition.mixingRatios[index] = try setting.mixingRatio().value
        }
        let others = zip(composition.gases, composition.mixingRatios).filter { $0.0 != lattice.filler }
        let sum = others.reduce(0) { $0 + $1.1 }
        guard sum <= 1 else { throw ExperimentError(location, "the gases add up to \(sum), more than 1") }
        if let filler = lattice.filler, let index = composition.gases.firstIndex(of: filler) {
            composition.mixingRatios[index] = 1 - sum
        }
        return composition
    }

    /// Returns the position on the lattice nearest to `composition`: an index for each axis.
    public func nearestIndices(to composition: Composition) -> [Int] {
        lattice.axes.map { axis in
            let ratio = composition[axis.gas] ?? 0
            return axis.values.indices.min { abs(axis.values[$0] - ratio) < abs(axis.values[$1] - ratio) } ?? 0
        }
    }
}
