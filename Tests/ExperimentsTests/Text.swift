import Experiments
import Models

/// An experiment with every key, on lines that the tests name.
let text = """
    title: A test
    summary: What it is for
    institution: An institute
    creator: Somebody
    license: CC-BY-4.0
    references: [First 2020, Second 2021]
    comment: None
    origin:
      O2: 0.21
      CO2: 400 ppm
      CH4: 1.63 ppm
    filler: N2
    axes:
      CO2: {log: {from: 1e-5, to: 0.5, per_decade: 8}}
      CH4: {pyatmos: {step: 0.005, to: 0.1}}
    neighbours: {shape: diagonals, reach: 2}
    attempts: 3
    order: arrival
    limits:
      surface_temperature: {min: 0 degC, max: 340 K}
    model: {name: energy-balance, surface_pressure: 1.5 bar, solar_constant: 1300 W m-2, \
    zenith_cosine: 0.6, surface_albedo: 0.3}
    stop: {points: 100000, generations: 200, wall_time: 12 h}
    store: {profiles: [temperature]}
    """

/// Reads an experiment whose results file needs the names `status` and `inferred`.
func read(_ text: String) throws(ExperimentError) -> Experiment {
    try Experiment(text: text, file: "test.yaml", models: ModelCatalogue.models) { $0 == "status" || $0 == "inferred" }
}

extension String {
    /// The text with its only `old` replaced by `new`.
    func with(_ new: String, for old: String) -> String {
        precondition(ranges(of: old).count == 1, "'\(old)' must be in the text once")
        return replacing(old, with: new)
    }
}

/// Returns the error of reading `text`; `nil` when it is a valid experiment.
func mistake(in text: String) -> ExperimentError? {
    do {
        _ = try read(text)
        return nil
    } catch {
        return error
    }
}
