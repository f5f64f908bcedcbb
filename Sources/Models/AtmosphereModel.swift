public import Atmospheres

/// An atmosphere model as a worker runs it.
///
/// A point that cannot be solved is data: the model says so in the evaluation's outcome and reason. It does not throw.
public protocol AtmosphereModel {
    var description: ModelDescription { get }

    /// Evaluates one atmosphere.
    ///
    /// - Parameters:
    ///   - composition: surface volume mixing ratios; the same gases in the same order at every call.
    ///   - evaluation: cleared, of the shape of ``description``; receives outcome, reason, values and profiles.
    mutating func evaluate(_ composition: Composition, into evaluation: inout Evaluation)
}
