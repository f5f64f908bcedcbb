/// An atmosphere model as a worker runs it.
///
/// A point that cannot be solved is data: the model says so in the evaluation's outcome and reason. It does not throw.
public protocol AtmosphereModel {
    /// Says how far the model has come; returns whether the answer is still wanted. When it is not, the model ends its
    /// work soon and leaves the outcome `pending`.
    typealias Attend = (Progress) -> Bool

    var description: ModelDescription { get }

    /// Evaluates one atmosphere.
    ///
    /// - Parameters:
    ///   - evaluation: cleared, of the shape of ``description``; receives outcome, reason, values, profiles, and what
    ///     the model keeps for the point's neighbours.
    ///   - attend: to be called every few tenths of a second by a model that takes longer than that.
    mutating func evaluate(_ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: Attend)

    /// Ends whatever the model keeps between points: processes, files. It is not asked again.
    mutating func close()
}

extension AtmosphereModel {
    public mutating func close() {}
}
