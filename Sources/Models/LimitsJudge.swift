public import Atmospheres
public import Experiments

/// Decides whether a model's answer is a stable atmosphere by the experiment's limits.
public struct LimitsJudge: Sendable {
    private struct Limit: Sendable {
        let row: Int
        let minimum: Double
        let maximum: Double
        let below: Reason
        let above: Reason
    }

    /// The reasons of what breaks a limit.
    private static let reasons = [Reason.frozen, .moistGreenhouse, .belowLimit, .aboveLimit]

    private let limits: [Limit]

    /// - Parameter quantities: those of the model's description.
    /// - Throws: when a limit names a quantity that the model does not return, or has another unit.
    public init(_ experiment: Experiment, quantities: [Quantity]) throws(ExperimentError) {
        var limits: [Limit] = []
        for limit in experiment.limits {
            let path = "limits.\(limit.quantity)"
            let location = limit.location ?? experiment.location(of: path)
            let names = quantities.map(\.name)
            guard let row = names.firstIndex(of: limit.quantity) else {
                let guess = nearest(to: limit.quantity, among: names).map { "did you mean '\($0)'? " } ?? ""
                throw ExperimentError(
                    location,
                    "\(path) is no quantity of \(experiment.model.name); \(guess)it returns: "
                        + names.joined(separator: ", "))
            }
            guard limit.unit == quantities[row].unit else {
                throw ExperimentError(
                    location,
                    "\(path) has the unit '\(limit.unit)', and the quantity is in '\(quantities[row].unit)'; "
                        + "use that unit"
                )
            }
            let isTemperature = quantities[row].name == Quantity.surfaceTemperature.name
            limits.append(
                Limit(
                    row: row, minimum: limit.minimum ?? -.infinity, maximum: limit.maximum ?? .infinity,
                    below: isTemperature ? .frozen : .belowLimit, above: isTemperature ? .moistGreenhouse : .aboveLimit)
            )
        }
        self.limits = limits
    }

    /// Makes a stable evaluation unstable when it breaks a limit, for the reason of the first limit broken; and failed
    /// when one of its values is not finite.
    func judge(_ evaluation: inout Evaluation) {
        guard evaluation.outcome == .stable else { return }
        guard evaluation.values.allSatisfy(\.isFinite) else {
            evaluation.outcome = .failed
            evaluation.reason = .unreadableAnswer
            return
        }
        for limit in limits {
            let value = evaluation.values[limit.row]
            guard value < limit.minimum || value > limit.maximum else { continue }
            evaluation.outcome = .unstable
            evaluation.reason = value < limit.minimum ? limit.below : limit.above
            return
        }
    }

    /// Judges an evaluation of an earlier run, which other limits may have made unstable, by these: only what a limit
    /// decided is decided anew.
    public func judgeAgain(_ evaluation: inout Evaluation) {
        guard evaluation.outcome == .unstable, Self.reasons.contains(evaluation.reason) else { return }
        evaluation.outcome = .stable
        evaluation.reason = .none
        judge(&evaluation)
    }
}
