import Atmospheres
import Experiments
import Exploration
import Foundation
import Models
import Testing

@Suite struct ExampleTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "jobs/experiments")

    static func example(_ name: String) throws -> Experiment {
        let path = folder.appending(path: "\(name).yaml").path
        return try Experiment(contentsOf: path, models: ModelCatalogue.models) { _ in false }
    }

    @Test("Every example is a valid experiment") func all() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter {
            $0.hasSuffix(".yaml")
        }
        #expect(
            Set(files).isSuperset(of: [
                "earthlike-2d.yaml", "earthlike-3d.yaml", "faint-sun-2d.yaml", "pyatmos-5gas.yaml",
                "radiative-convective-2d.yaml", "shell-1d.yaml",
            ]))
        for file in files {
            #expect(throws: Never.self) { try Self.example(String(file.dropLast(5))) }
        }
    }

    @Test("Two gases: a few thousand points, laid through the origin") func twoGases() throws {
        let lattice = try Self.example("earthlike-2d").lattice
        #expect(lattice.axes.map(\.gas) == [.co2, .ch4])
        #expect(lattice.axes.map(\.count) == [107, 64])
        #expect(lattice.axes[0].values.contains(0.01))
        #expect(lattice.composition(of: lattice.origin).mixingRatios.prefix(3) == [4e-4, 1.63e-6, 0.21])
    }

    @Test("Three gases: the steps of oxygen change at 0.4") func threeGases() throws {
        let oxygen = try Self.example("earthlike-3d").lattice.axes[2]
        #expect(oxygen.gas == .o2)
        #expect(oxygen.values[38...43] == [0.38, 0.39, 0.4, 0.45, 0.5, 0.55])
        #expect(oxygen.values[oxygen.origin] == 0.21)
    }

    @Test("Five gases: the origin has the campaign's 12 first neighbours and its nitrogen") func fiveGases() throws {
        let experiment = try Self.example("pyatmos-5gas")
        let lattice = experiment.lattice
        let origin = lattice.indices(of: lattice.origin)
        #expect(abs(lattice.composition(of: lattice.origin)[.n2]! - 0.7772982887) < 1e-12)
        var moves: [String] = []
        for offset in experiment.neighbourhood.offsets(dimensions: 5) {
            let indices = zip(origin, offset).map(+)
            guard zip(indices, lattice.axes).allSatisfy({ $1.values.indices.contains($0) }) else { continue }
            let axis = offset.firstIndex { $0 != 0 }!
            moves.append("\(lattice.axes[axis].gas) \(lattice.axes[axis].values[indices[axis]])")
        }
        #expect(
            moves == [
                "O2 0.19", "O2 0.2", "O2 0.22", "O2 0.23", "H2O 0.02", "H2O 0.03", "CH4 0.005", "CH4 0.01", "CO2 0.01",
                "CO2 0.02", "H2 0.005", "H2 0.01",
            ])
        // The furthest values that the campaign reached are on the lattice.
        for (axis, value) in zip(lattice.axes, [0.51, 0.51, 0.14, 0.21, 0.2]) { #expect(axis.values.contains(value)) }
    }
}
