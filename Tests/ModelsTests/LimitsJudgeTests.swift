import Atmospheres
import Experiments
import Testing

@testable import Models

@Suite struct LimitsJudgeTests {
    /// A result of an earlier run: what it said, and what looser limits say.
    struct Again: Sendable {
        var temperature: Double
        var albedo: Double
        var before: (Outcome, Reason)
        var after: (Outcome, Reason)
    }

    @Test(
        "Only what a limit decided is decided again",
        arguments: [
            Again(temperature: 345, albedo: 0.3, before: (.unstable, .moistGreenhouse), after: (.stable, .none)),
            Again(
                temperature: 355, albedo: 0.3, before: (.unstable, .moistGreenhouse),
                after: (.unstable, .moistGreenhouse)),
            Again(temperature: 200, albedo: 0.3, before: (.unstable, .frozen), after: (.unstable, .frozen)),
            Again(
                temperature: 345, albedo: 0.7, before: (.unstable, .moistGreenhouse), after: (.unstable, .aboveLimit)),
            Again(temperature: 300, albedo: 0.1, before: (.unstable, .belowLimit), after: (.stable, .none)),
            Again(
                temperature: 300, albedo: 0.3, before: (.unstable, EnergyBalance.noEquilibrium),
                after: (.unstable, EnergyBalance.noEquilibrium)),
            Again(temperature: 355, albedo: 0.3, before: (.stable, .none), after: (.stable, .none)),
            Again(temperature: .nan, albedo: .nan, before: (.failed, .crashed), after: (.failed, .crashed)),
        ])
    func again(result: Again) throws {
        let experiment = try JudgedModelTests.experiment(
            "limits: {surface_temperature: {min: 0 degC, max: 350 K}, planetary_albedo: {max: 0.6}}")
        let model = EnergyBalance(EnergyBalanceSettings(), originMethane: nil).description
        let judge = try LimitsJudge(experiment, quantities: model.quantities)
        var evaluation = Evaluation(of: model)
        evaluation.values = [result.temperature, result.albedo, 240, 0, 2]
        (evaluation.outcome, evaluation.reason) = result.before
        judge.judgeAgain(&evaluation)
        #expect((evaluation.outcome, evaluation.reason) == result.after)
    }
}
