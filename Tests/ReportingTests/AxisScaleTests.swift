import Atmospheres
import Cairo
import Foundation
import Testing

@testable import Reporting

@Suite struct AxisScaleTests {
    @Test("Equal ratios get a logarithmic scale, equal steps a linear one, and growing steps a logarithmic one")
    func kinds() {
        #expect(AxisScale((0..<30).map { pow(10, Double($0) / 8) }).transform == .log)
        #expect(AxisScale([4e-4] + (1..<30).map { Double($0) * 0.01 }).transform == .linear)
        var piecewise: [Double] = [1e-5]
        for step in [1e-5, 1e-4, 1e-3] { piecewise += (2...10).map { Double($0) * step } }
        #expect(AxisScale(piecewise).transform == .log)
        #expect(AxisScale([0.5, 0.6, 0.7]).transform == .linear)
        #expect(AxisScale([0.5, 0.6, 0.7], .log).transform == .log)
        #expect(AxisScale([0]).transform == .linear)
    }

    @Test("Offsets ascend along the axis and lie inside their cells, also with a 0 on a logarithmic axis")
    func offsets() {
        for values in [[1e-6, 1e-5, 3e-5, 1e-3], [0, 1e-6, 1e-5, 1e-4], [0, 1], [2], [0.1, 0.2, 0.3]] {
            let scale = AxisScale(values)
            #expect(scale.offsets == scale.offsets.sorted() && scale.offsets.count == values.count)
            #expect(scale.edges.count == values.count + 1 && scale.edges.first == 0 && scale.edges.last == 1)
            for (i, offset) in scale.offsets.enumerated() {
                #expect(offset > scale.edges[i] && offset < scale.end(ofCell: i), "\(values) \(i)")
                #expect(abs((scale.offset(of: values[i]) ?? -1) - offset) < 1e-9)
            }
        }
        #expect(AxisScale([0, 1e-6, 1e-5, 1e-4], .log).zeroShare > 0)
        #expect(AxisScale([1e-6, 1e-5]).offset(of: 1) == nil)
    }

    @Test("Ticks are powers of ten, with values between them if there are few, and round numbers on a linear axis")
    func ticks() {
        func labels(_ scale: AxisScale, _ most: Int = 6) -> [String] { scale.ticks(most: most).compactMap(\.label) }
        #expect(labels(AxisScale([1e-6, 1e-5, 1e-4, 1e-3], .log)) == ["10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³"])
        #expect(labels(AxisScale([1e-12, 1e-6, 1], .log), 4).allSatisfy { $0.hasPrefix("10") })
        #expect(labels(AxisScale([1e-12, 1e-6, 1], .log), 4).count <= 5)
        #expect(labels(AxisScale([0.02, 0.1, 0.3], .log)).count >= 3)
        #expect(labels(AxisScale([0, 0.1, 0.2, 0.3, 0.4], .linear)) == ["0.0", "0.1", "0.2", "0.3", "0.4"])
        #expect(labels(AxisScale([0, 1e-6, 1e-5, 1e-4], .log)).first == "0")
        #expect(AxisScale.linear(288...339.6, 5).map(\.label) == ["290", "300", "310", "320", "330"])
        #expect(AxisScale.linear(5...5, 5).map(\.label) == ["5"])
    }

    @Test("Formulas get subscripts, units superscripts, and exponents become powers of ten")
    func typography() {
        #expect("CO2 at 2 bar, H2O (CH4)".withSubscripts == "CO₂ at 2 bar, H₂O (CH₄)")
        #expect("X2 and 800".withSubscripts == "X2 and 800")
        #expect("W m-2 K-1".printedUnit == "W m⁻² K⁻¹")
        #expect("surface temperature".labelled(with: "K") == "surface temperature (K)")
        #expect("H2 = 8.13e-08, O2 = 0.21".withPowers == "H2 = 8.13·10⁻⁸, O2 = 0.21")
        #expect(124_314.grouped == "124,314" && 12.grouped == "12" && 1000.grouped == "1,000")
    }

    @Test("A long title is broken between words, and ends with an ellipsis if it does not fit")
    func wrapping() {
        func width(_ text: String) -> Double { Double(text.count) }
        #expect(MapLayout.wrap("one two three", 8, 3, width) == ["one two", "three"])
        #expect(MapLayout.wrap("one two three four five", 8, 2, width) == ["one two", "three …"])
        #expect(MapLayout.wrap("incomprehensibilities", 8, 2, width).allSatisfy { $0.count <= 8 })
    }

    @Test("The outcomes' colours differ in lightness, and the colour scale gets lighter throughout")
    func palette() {
        func lightness(_ color: Color) -> Double {
            func linear(_ part: Double) -> Double { part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4) }
            let luminance = 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
            return luminance > 0.008856 ? 116 * cbrt(luminance) - 16 : 903.3 * luminance
        }
        let status = Outcome.allCases.map { lightness(Palette.color(of: $0)) }.sorted()
        #expect(zip(status, status.dropFirst()).allSatisfy { $1 - $0 > 8 }, "\(status)")
        let scale = (0...20).map { lightness(Palette.viridis(Double($0) / 20)) }
        #expect(zip(scale, scale.dropFirst()).allSatisfy { $1 > $0 })
    }
}
