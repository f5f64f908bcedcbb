/// An atmosphere model as a worker runs it.
///
/// A point that cannot be solved is data: the model says so in the evaluation's outcome and reason. It does not throw.
public protocol AtmosphereModel {
    /// Reports how far the model has come; returns whether the answer is still wanted. If it is not, the model ends its
    /// work soon and leaves the outcome `pending`.
    typealias Attend = (Progress) -> Bool

    /// What the model says about itself.
    var description: ModelDescription { get }

    /// Evaluates one atmosphere.
    ///
    /// - Parameters:
    ///   - inquiry: the atmosphere, and what the model kept of its parent.
    ///   - evaluation: cleared, of the shape of ``description``; receives outcome, reason, values, profiles, and what
    ///     the model keeps for the point's children.
    ///   - attend: called every few tenths of a second by a model that takes longer than that.
    mutating func evaluate(_ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: Attend)

    /// Ends what the model keeps running between points: processes, files. It cannot be used any more.
    mutating func close()
}

extension AtmosphereModel {
    /// Does nothing: most models keep nothing running.
    public mutating func close() {}
}
