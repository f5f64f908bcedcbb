import Atmospheres
import Exploration
import Messages

/// A worker's model, and what it takes to evaluate one point after another, reused to avoid allocation.
///
/// A structure, so that the model gets the properties in place; those of a class would be copied for it.
struct Workbench {
    private var model: any AtmosphereModel
    private var results: Evaluations
    private let lattice: Lattice
    private let usesParent: Bool
    private var inquiry: Inquiry
    private var evaluation: Evaluation

    init(_ workplace: Worker.Workplace) {
        let model = workplace.model
        self.model = model
        lattice = workplace.lattice
        usesParent = model.description.usesParent
        inquiry = Inquiry(id: 0, indices: [], composition: lattice.blankComposition())
        evaluation = Evaluation(of: model.description)
        results = Evaluations(of: model.description)
    }

    mutating func close() { model.close() }

    /// Removes the results.
    mutating func begin() { results.removeAll() }

    /// Evaluates a point.
    mutating func evaluate(_ assignments: borrowing Assignments, _ row: Int, attend: AtmosphereModel.Attend) {
        let assignment = assignments.rows[row]
        inquiry.id = assignment.id.number
        lattice.decompose(assignment.position, into: &inquiry.indices)
        lattice.compose(inquiry.indices, into: &inquiry.composition)
        if usesParent {
            inquiry.parent = assignments.parent(row).map {
                Parent(composition: lattice.composition(of: $0.position), solution: $0.solution)
            }
        }
        evaluation.clear()
        model.evaluate(inquiry, into: &evaluation, attend: attend)
    }

    /// Adds the model's last answer to the results, as that of point `id`.
    mutating func keep(_ id: PointID, startedAt: Double, wallTime: Float) {
        if evaluation.outcome == .pending {
            evaluation.outcome = .failed
            evaluation.reason = .unreadableAnswer
        }
        results.append(id.number, evaluation, startedAt: startedAt, wallTime: wallTime)
    }

    /// Sends the results. `mutating` only to avoid copying the workbench for the call.
    mutating func send(over link: MasterLink, now: Double) throws { try link.send(.finished, results, now: now) }
}
