import Atmospheres
import Experiments
import Foundation
import Testing

@testable import Models

@Suite struct EnergyBalanceTests {
    let model = EnergyBalance(EnergyBalanceSettings(), originMethane: 1.63e-6)

    func evaluate(
        co2: Double, ch4: Double? = 1.63e-6, by model: EnergyBalance? = nil
    ) -> Evaluation {
        let model = model ?? self.model
        var evaluation = Evaluation(of: model.description)
        let composition = Composition(
            gases: [.o2, .co2] + (ch4 == nil ? [] : [.ch4]), mixingRatios: [0.21, co2] + (ch4.map { [$0] } ?? []))
        model.evaluate(at(composition), into: &evaluation, attend: { _ in true })
        return evaluation
    }

    @Test("The infrared flux is the fit's", arguments: [(288.0, 3.3e-4, 236.3), (288, 0.1, 191.8)])
    func outgoingFlux(temperature: Double, pressure: Double, flux: Double) {
        #expect(abs(WilliamsKasting.outgoingFlux(carbonDioxide: pressure)(temperature) - flux) < 0.05)
    }

    @Test(
        "Equilibria are those of the published fits",
        arguments: [
            (4e-4, 288.04), (0.01, 304.16), (0.02, 310.83), (0.04, 318.55), (0.06, 323.39), (0.10, 329.67),
            (0.20, 338.37), (0.30, 343.54),
        ])
    func equilibria(co2: Double, temperature: Double) {
        let evaluation = evaluate(co2: co2)
        #expect(evaluation.outcome == .stable)
        #expect(evaluation.reason == .none)
        #expect(abs(evaluation.values[0] - temperature) < 0.01)
    }

    @Test("At an equilibrium the balance closes and its slope is positive", arguments: [2e-5, 4e-4, 0.01, 0.3, 0.9])
    func closes(co2: Double) {
        for methane in [1e-7, 1.63e-6, 1e-4] {
            let values = evaluate(co2: co2, ch4: methane).values
            let (albedo, emitted, forcing, slope) = (values[1], values[2], values[3], values[4])
            #expect(abs(1361 / 4 * (1 - albedo) + forcing - emitted) < 1e-8)
            #expect(slope > 0)
        }
    }

    @Test("The slope is the balance's derivative") func slope() throws {
        let step = 0.01
        let base = try #require(model.equilibrium(carbonDioxide: 4e-4, forcing: 0))
        let pushed = try #require(model.equilibrium(carbonDioxide: 4e-4, forcing: step))
        #expect(abs(step / (pushed.temperature - base.temperature) - base.slope) < 1e-3 * base.slope)
    }

    @Test("An equilibrium is found to a billionth of a kelvin") func precision() throws {
        let balance = try #require(model.equilibrium(carbonDioxide: 4e-4 * 1.013, forcing: 0))
        // Emitted less absorbed, divided by the slope, is the distance to the root.
        let left = balance.outgoingFlux - 1361 / 4 * (1 - balance.albedo)
        #expect(abs(left / balance.slope) < 1e-9)
    }

    @Test("More sunlight, more carbon dioxide and more methane warm; a brighter surface cools") func directions() {
        func temperature(_ change: (inout EnergyBalanceSettings) -> Void) -> Double {
            var settings = EnergyBalanceSettings()
            change(&settings)
            return evaluate(co2: 4e-4, by: EnergyBalance(settings, originMethane: 1.63e-6)).values[0]
        }
        let base = temperature { _ in }
        #expect(temperature { $0.solarConstant = 1400 } > base + 1)
        #expect(temperature { $0.surfacePressure = 200_000 } > base + 1)
        #expect(temperature { $0.surfaceAlbedo = 0.36 } < base - 1)
        #expect(temperature { $0.zenithCosine = 0.6 } > base + 1)
        #expect(evaluate(co2: 4e-4, ch4: 1e-4).values[0] > base + 1)
    }

    @Test("In the step between the albedo fits the equilibrium is at 280 K and the balance closes") func terrace()
        throws
    {
        let values = evaluate(co2: 2e-5).values
        #expect(values[0] == 280)
        let (below, above) = (evaluate(co2: 1.2e-5).values, evaluate(co2: 4e-5).values)
        #expect(below[0] < 280 && above[0] > 280)
        #expect(below[1] < values[1] && values[1] < above[1] + 0.01)
        let cold = WilliamsKasting.coldAlbedo(carbonDioxide: 2.026e-5, zenithCosine: 0.5, surfaceAlbedo: 0.334856)(280)
        let warm = WilliamsKasting.warmAlbedo(carbonDioxide: 2.026e-5, zenithCosine: 0.5, surfaceAlbedo: 0.334856)(280)
        #expect(abs(warm - cold - 0.0095) < 1e-4)
        #expect((cold...warm).contains(values[1]))
    }

    @Test("Temperature rises with carbon dioxide throughout, over the step too") func monotone() {
        var last = 0.0
        for step in 0..<2000 {
            let temperature = evaluate(co2: 1e-5 * pow(10, Double(step) / 400)).values[0]
            #expect(temperature >= last)
            last = temperature
        }
    }

    @Test(
        "Outside the fits a point is unstable for that reason",
        arguments: [(9.8e-6, 1.63e-6), (0, 1.63e-6), (4e-4, 0.99e-7), (4e-4, 1.01e-4), (4e-4, 0)])
    func outside(co2: Double, ch4: Double) {
        let evaluation = evaluate(co2: co2, ch4: ch4)
        #expect(evaluation.outcome == .unstable)
        #expect(evaluation.reason == EnergyBalance.outsideFit)
        #expect(evaluation.values[0].isNaN)
    }

    @Test("The fits' own bounds are inside", arguments: [(9.88e-6, 1.63e-6), (4e-4, 1e-7), (4e-4, 1e-4), (1, 1.63e-6)])
    func inside(co2: Double, ch4: Double) {
        #expect(evaluate(co2: co2, ch4: ch4).outcome == .stable)
    }

    @Test("Too much sunlight or too little leaves no equilibrium", arguments: [2500.0, 200.0])
    func noEquilibrium(solarConstant: Double) {
        var settings = EnergyBalanceSettings()
        settings.solarConstant = solarConstant
        let evaluation = evaluate(co2: 4e-4, by: EnergyBalance(settings, originMethane: nil))
        #expect(evaluation.outcome == .unstable)
        #expect(evaluation.reason == EnergyBalance.noEquilibrium)
        #expect(evaluation.values[0].isNaN)
    }

    @Test("Methane that is the origin's, or not in the experiment, forces nothing, whatever its value")
    func noForcing() {
        let model = EnergyBalance(EnergyBalanceSettings(), originMethane: 0.1)
        #expect(evaluate(co2: 4e-4, ch4: 0.1, by: model).values == evaluate(co2: 4e-4).values)
        let without = EnergyBalance(EnergyBalanceSettings(), originMethane: nil)
        #expect(evaluate(co2: 4e-4, ch4: nil, by: without).values == evaluate(co2: 4e-4).values)
        #expect(evaluate(co2: 4e-4).values[3] == 0)
    }

    @Test("The same atmosphere gives the same bits, whatever came before it") func deterministic() {
        func bits(_ index: Int) -> [UInt64] {
            let (co2, ch4) = (1e-5 * pow(10, Double(index) / 40), 1e-7 * pow(10, Double(index % 7) / 2))
            return evaluate(co2: co2, ch4: ch4).values.map(\.bitPattern)
        }
        let forward = (0..<200).map(bits)
        let backward: [[UInt64]] = (0..<200).reversed().map(bits)
        #expect(forward == backward.reversed())
    }

    @Test("Its description declares each quantity once, with its unit") func description() {
        #expect(
            model.description.quantities.map { "\($0.name) [\($0.unit)]" } == [
                "surface_temperature [K]", "planetary_albedo [1]", "outgoing_longwave_radiation [W m-2]",
                "methane_radiative_forcing [W m-2]", "climate_relaxation_slope [W m-2 K-1]",
            ])
        #expect(model.description.allReasons.map(\.name).suffix(2) == ["no_equilibrium", "outside_fit"])
        #expect(model.description.respondsTo == [.co2, .ch4])
    }
}
