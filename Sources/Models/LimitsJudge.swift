public import Atmospheres
package import Experiments
internal import Exploration

/// Decides by the experiment's limits whether a model's answer is a stable atmosphere.
public struct LimitsJudge: Sendable {
    private struct Limit: Sendable {
        let bound: ValueBound
        let below: Reason
        let above: Reason
    }

    /// The reasons for breaking a limit.
    private static let reasons = [Reason.frozen, .moistGreenhouse, .belowLimit, .aboveLimit]

    private let limits: [Limit]

    /// A judge by the limits of `experiment`.
    ///
    /// - Parameters:
    ///   - experiment: the experiment.
    ///   - quantities: those of the model's description.
    /// - Throws: when a limit names a quantity that the model does not return, or has another unit.
    package init(_ experiment: Experiment, quantities: [Quantity]) throws(ExperimentError) {
        var limits: [Limit] = []
        for limit in experiment.limits {
            let path = "limits.\(limit.quantity)"
            let location = limit.location ?? experiment.location(of: path)
            let names = quantities.map(\.name)
            guard let bound = limit.bound(among: quantities) else {
                throw ExperimentError(
                    location,
                    "\(path) is not a quantity of \(experiment.model.name); "
                        + "\(limit.quantity.suggestion(among: names))it returns: \(names.joined(separator: ", "))")
            }
            let quantity = quantities[bound.row]
            guard limit.unit == quantity.unit else {
                throw ExperimentError(
                    location, "\(path) is in '\(limit.unit)', but the quantity is in '\(quantity.unit)'; use that unit")
            }
            let isTemperature = quantity.name == Quantity.surfaceTemperature.name
            limits.append(
                Limit(
                    bound: bound, below: isTemperature ? .frozen : .belowLimit,
                    above: isTemperature ? .moistGreenhouse : .aboveLimit))
        }
        self.limits = limits
    }

    /// Makes a stable evaluation unstable when it breaks a limit, with the reason of the first limit that it breaks, and
    /// failed when one of its values is not finite.
    func judge(_ evaluation: inout Evaluation) {
        guard evaluation.outcome == .stable else { return }
        guard evaluation.values.allSatisfy(\.isFinite) else {
            evaluation.outcome = .failed
            evaluation.reason = .unreadableAnswer
            return
        }
        for limit in limits {
            let value = evaluation.values[limit.bound.row]
            guard value < limit.bound.minimum || value > limit.bound.maximum else { continue }
            evaluation.outcome = .unstable
            evaluation.reason = value < limit.bound.minimum ? limit.below : limit.above
            return
        }
    }

    /// Judges an evaluation of an earlier run, whose limits may have been others. Only what a limit decided is decided
    /// again.
    public func judgeAgain(_ evaluation: inout Evaluation) {
        guard evaluation.outcome == .unstable, Self.reasons.contains(evaluation.reason) else { return }
        evaluation.outcome = .stable
        evaluation.reason = .none
        judge(&evaluation)
    }
}
