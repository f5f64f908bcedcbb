public import Atmospheres
public import Exploration

// How the keys of an experiment file become the rules of its search.
extension Experiment {
    /// Returns the search that the experiment asks for, with this model.
    public func rules(for model: ModelDescription) -> SearchRules {
        switch search {
        case .flood: .flood(floodRules(for: model))
        case .refine(let settings): .refine(refinementRules(settings, for: model))
        }
    }

    /// Returns the limits on quantities of the model that a refinement follows the boundary by.
    public func bounds(_ settings: SearchSettings.Refinement, for model: ModelDescription) -> [ValueBound] {
        guard settings.boundary == .limits else { return [] }
        return limits.compactMap { $0.bound(among: model.quantities) }
    }

    private func floodRules(for model: ModelDescription) -> Frontier.Rules {
        var rules = Frontier.Rules()
        rules.neighbourhood = neighbourhood
        rules.order = order
        rules.attempts = attempts
        rules.parentMatters = model.usesParent
        rules.keepsFirstParent = self.model.keepsFirstParent
        rules.pointLimit = stop.points
        rules.generationLimit = stop.generations
        return rules
    }

    private func refinementRules(
        _ settings: SearchSettings.Refinement, for model: ModelDescription
    ) -> Refinement.Rules {
        var rules = Refinement.Rules()
        rules.stride = settings.stride
        rules.bounds = bounds(settings, for: model)
        rules.budget = settings.points
        rules.attempts = attempts
        rules.parentMatters = model.usesParent
        rules.pointLimit = stop.points
        rules.generationLimit = stop.generations
        return rules
    }
}

extension StabilityLimit {
    /// Returns the limit as a bound on the quantity in `quantities` that it names; `nil` when they do not have it.
    public func bound(among quantities: [Quantity]) -> ValueBound? {
        quantities.firstIndex { $0.name == quantity }.map {
            ValueBound(row: $0, minimum: minimum, maximum: maximum)
        }
    }
}
