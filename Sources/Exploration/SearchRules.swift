/// A search strategy with its rules.
public enum SearchRules: Sendable, Equatable {
    /// Visits every stable point and its rim.
    case flood(Frontier.Rules)
    /// Maps the boundary of the stable region, coarse to fine.
    case refine(Refinement.Rules)

    /// Creates a search on `lattice`.
    package func search(on lattice: Lattice) -> any Search {
        switch self {
        case .flood(let rules): Frontier(lattice, rules: rules)
        case .refine(let rules): Refinement(lattice, rules: rules)
        }
    }
}
