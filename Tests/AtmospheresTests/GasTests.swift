import Atmospheres
import Testing

@Suite("Gases and outcomes")
struct GasTests {
    @Test("Every known gas is found by its formula, and each once")
    func known() {
        #expect(Set(Gas.known.map(\.formula)).count == Gas.known.count)
        for gas in Gas.known { #expect(Gas(gas.formula) == gas) }
        #expect(Gas("CO3") == nil)
        #expect(Gas.co2.variableName == "co2_mixing_ratio")
        #expect(Gas.co2.standardName == "mole_fraction_of_carbon_dioxide_in_air")
    }

    @Test("Outcomes and common reasons keep their codes and are single words")
    func codes() {
        #expect(Outcome.allCases.map(\.name) == ["pending", "stable", "unstable", "not_converged", "failed"])
        #expect(Outcome.allCases.map(\.rawValue) == [0, 1, 2, 3, 4])
        #expect(Reason.common.map(\.code) == Array(0..<UInt8(Reason.common.count)))
        #expect(Reason.common.allSatisfy { !$0.name.contains(" ") })
    }
}
