import Atmospheres
import Children
import Foundation
import Testing

@testable import Models

/// The expected numbers are those of the samples' README.
@Suite("Real files of Atmos", .enabled(if: AtmosSamples.exist, AtmosSamples.obstacle))
struct AtmosSampleTests {
    static let shape = DistFile.Shape(species: 61)

    struct Photo: Sendable, CustomTestStringConvertible {
        var name: String
        var log = "Photo_log.txt"
        var step: PhotoProgress.Step
        var species = 61
        /// molecules/cm2
        var ozoneColumn: Double
        /// Surface fluxes of O2, H2O, CH4, CO2, H2, CO, NH3 and O3; NaN for a species that is missing.
        var fluxes: [Double] = []
        /// Mixing ratios of O2, H2O, CH4, CO2, H2, O3 and N at the lowest level.
        var ratios: [Double] = []

        var testDescription: String { name }

        /// A step with its largest change, species, time step and model time.
        static func step(_ number: Int, _ change: Double, _ species: String, _ timeStep: Double, _ time: Double)
            -> PhotoProgress.Step
        {
            PhotoProgress.Step(
                number: number, largestChange: change, species: species, timeStep: timeStep, time: time)
        }
    }

    static let photos = [
        Photo(
            name: "1-earth-start", step: Photo.step(40, 6.25e-11, "OCS", 3.15e18, 7.87e17),
            ozoneColumn: 5.7610e18,
            fluxes: [1.10e12, 4.08e12, 1.60e11, -5.01e11, -4.69e8, 3.70e11, 0, -2.49e1],
            ratios: [2.10e-1, 1.23e-2, 1.63e-6, 4.00e-4, 8.13e-8, 2.05e-8, 1.69e-230]),
        Photo(
            name: "2-warm-co2-0.01", step: Photo.step(227, 2.23e-10, "C2H6S", 4.57e18, 1.14e18),
            ozoneColumn: 5.7510e18,
            fluxes: [1.09e12, 3.81e12, 1.59e11, 3.33e11, -5.18e8, 3.70e11, 0, 1.25e2],
            ratios: [2.10e-1, 1.23e-2, 1.63e-6, 1.00e-2, 8.13e-8, 2.07e-8, 2.95e-232]),
        Photo(
            name: "3-cold-co2-0.06-unsettled", step: Photo.step(348, 3.34e-10, "C2H6S", 6.48e18, 1.62e18),
            ozoneColumn: 5.7032e18,
            fluxes: [1.08e12, 2.91e12, 1.52e11, 4.63e12, -6.19e8, 3.70e11, 0, -1.71e2],
            ratios: [2.10e-1, 1.23e-2, 1.63e-6, 6.00e-2, 8.13e-8, 2.18e-8, 1.04e-236]),
        Photo(
            name: "7-warm-ch4-0.005", step: Photo.step(893, 2.81e-11, "SO2", 2.88e18, 7.19e17),
            ozoneColumn: 9.6261e17,
            fluxes: [7.24e14, 2.32e12, 3.43e14, -3.43e14, -4.98e12, 3.70e11, 0, 4.65],
            ratios: [2.10e-1, 1.23e-2, 5.00e-3, 4.00e-4, 8.13e-8, 1.31e-8, 9.60e-243]),
        Photo(
            name: "4-photo-nonconverged", step: Photo.step(60, 3.43e-2, "H", 2.35e-1, 1.17),
            ozoneColumn: 5.1070e18,
            fluxes: [1.27e12, 3.47e12, 1.60e11, 3.45e18, -6.54e8, 3.70e11, 0, -2.34e9],
            ratios: [2.10e-1, 1.23e-2, 1.63e-6, 6.00e-2, 8.13e-8, 2.05e-8, 1.50e-228]),
        Photo(
            name: "6-vpl-upstream", log: "Photo_log.tail.txt", step: Photo.step(35, 5.40e-11, "H2S", 2.91e18, 7.28e17),
            species: 40, ozoneColumn: 5.5915e18,
            fluxes: [9.57e11, 4.11e12, 1.00e11, -4.70e11, -2.55e9, 3.70e11, .nan, -1.99e1],
            ratios: [2.10e-1, 1.23e-2, 1.13e-6, 3.80e-4, 4.30e-7, 2.18e-8, 2.88e-230]),
    ]

    @Test("The last step of the chemistry is read from its log, in pieces of any size", arguments: photos)
    func photoSteps(sample: Photo) throws {
        for piece in [1, 37, 8192] {
            let progress = try AtmosSamples.photo("\(sample.name)/\(sample.log)", piece: piece)
            #expect(progress.last == sample.step)
            #expect(progress.saysCompleted)
            #expect(progress.firstNotFinite == nil)
            #expect(progress.inputError == nil && progress.runtimeError == nil)
        }
    }

    @Test("The last tables of the chemistry's report are read: column, fluxes, mixing ratios", arguments: photos)
    func photoReports(sample: Photo) throws {
        let text = try AtmosSamples.text("\(sample.name)/out.out")
        let report = try PhotoReport(text, speciesCount: sample.species)
        #expect(report.ozoneColumn == sample.ozoneColumn)
        #expect(report.fluxes.species.count == sample.species)
        #expect(report.fluxes.altitude.count == 102)
        #expect(report.fluxes.altitude.first == 0)
        #expect(report.mixingRatios.altitude.count == 102)
        #expect(report.mixingRatios.altitude[0] == 2.5e4)
        let table = try SpeciesTable(try AtmosSamples.bytes("\(sample.name)/species.dat"))
        #expect(report.fluxes.species == table.longLived)
        #expect(report.mixingRatios.species == table.longLived)
        for (name, flux) in zip(["O2", "H2O", "CH4", "CO2", "H2", "CO", "NH3", "O3"], sample.fluxes) {
            #expect(report.fluxes.first(name) == (flux.isNaN ? nil : flux), "\(name)")
        }
        for (name, ratio) in zip(["O2", "H2O", "CH4", "CO2", "H2", "O3", "N"], sample.ratios) {
            #expect(report.mixingRatios.first(name) == ratio, "\(name)")
        }
    }

    @Test("A truncated report is refused") func cutReport() throws {
        let text = try AtmosSamples.text("4b-photo-timeout/out.out")
        #expect(throws: AtmosFileError.self) { _ = try PhotoReport(text, speciesCount: 61) }
        let progress = try AtmosSamples.photo("4b-photo-timeout/Photo_log.txt")
        #expect(progress.last?.number == 794 && progress.last?.time == 1.07e8)
        #expect(!progress.saysCompleted)
        #expect(
            failure { try PhotoVerdict.judge(.stopped(.timeLimit), progress, dist: .missing) }?.reason
                == AtmosReason.photoTimeout)
        #expect(
            failure { try PhotoVerdict.judge(.ended(.signalled(15)), progress, dist: .missing) }?.reason
                == AtmosReason.photoError)
    }

    @Test("Model time never stagnates for long in a run that converges") func growth() throws {
        let bytes = try AtmosSamples.bytes("7-warm-ch4-0.005/Photo_log.txt")
        var progress = PhotoProgress()
        var longest = 0
        for byte in bytes {
            progress.receive(CollectionOfOne(byte))
            longest = max(longest, progress.stepsWithoutGrowth)
        }
        #expect(longest == 179)
    }

    @Test("All outputs of a chemistry run are read together") func photoOutput() throws {
        let folder = AtmosSamples.folder + "/1-earth-start"
        let species = try SpeciesTable(try AtmosSamples.bytes("1-earth-start/species.dat")).longLived
        let output = try PhotoOutput(folder: folder, species: species, shape: Self.shape)
        #expect(output.isFinite)
        #expect(output.surfaceFluxes.count == 61)
        func flux(of name: String) -> Double? { species.firstIndex(of: name).map { output.surfaceFluxes[$0] } }
        #expect(flux(of: "O2") == 1098111021908.6069)
        #expect(flux(of: "N") == 7.0821179684071236e-220)
        #expect(flux(of: "S8AER") == 2.9204304798007043e-20)
        for (index, name) in species.enumerated() {
            let printed = try #require(output.report.fluxes.first(name))
            #expect(abs(printed - output.surfaceFluxes[index]) <= 0.006 * abs(printed), "\(name)")
        }
        #expect(output.ozoneColumn == 5.7610e18)
        #expect(output.state.mixingRatios[try #require(species.firstIndex(of: "CO2"))][0] == 4e-4)
        #expect(output.levels.pressure.first == 0.9831 && output.levels.altitude.last == 9.975e6)
        #expect(output.levels.temperature.count == 200 && output.levels.mixingRatios.count == 61)
        for (index, ratios) in output.levels.mixingRatios.enumerated() {
            #expect(zip(ratios, output.state.mixingRatios[index]).allSatisfy { abs($0 - $1) <= 1e-3 * $1 })
        }
        #expect(output.state.numberDensity[0] == 0.24700523e20)
        #expect(output.state.temperature[0] == 288.41935)
    }

    @Test("A state of the chemistry is written back unchanged, to the byte", arguments: ["in.dist", "out.dist"])
    func dist(name: String) throws {
        let bytes = try AtmosSamples.bytes("1-earth-start/\(name)")
        #expect(DistFile.condition(of: bytes, shape: Self.shape) == .good)
        let state = try DistFile(bytes, shape: Self.shape)
        #expect(state.bytes == bytes)
        #expect(bytes.count == 246_600 && Self.shape.lineCount == 1800)
        #expect(
            DistFile.condition(of: Array(bytes.dropLast(9)), shape: Self.shape)
                == .incomplete(lines: 1800, expected: 1800))
        #expect(
            DistFile.condition(of: Array(bytes.prefix(171 * 900)), shape: Self.shape)
                == .incomplete(lines: 900, expected: 1800))
        #expect(DistFile.condition(of: bytes, shape: DistFile.Shape(species: 40)) != .good)
    }

    struct Clima: Sendable, CustomTestStringConvertible {
        var name: String
        var log = "Clima_log.txt"
        /// The last step: number, convective level, CHG, dt0, DIVF(1), DIVFrms, DT(ND), T(ND).
        var row: [Double]
        /// Surface pressure and temperature; pressure, altitude and temperature at the top.
        var surface: (Double, Double)
        var top: (Double, Double, Double)
        /// Surface temperature and water vapour at the end.
        var end: (Double, Double)
        /// Surface temperature at the start.
        var start: Double
        var isSettled: Bool

        var testDescription: String { name }
    }

    static let climas = [
        Clima(
            name: "1-earth-start", row: [200, 74, 1.08e-3, 1e4, -6.89e-5, 1.55e-3, -1.98e-3, 287.70],
            surface: (1.0301, 287.70), top: (7.6980e-6, 71.758, 101.23), end: (287.697781396979, 0.0129095969545598),
            start: 288.153198, isSettled: true),
        Clima(
            name: "2-warm-co2-0.01", row: [200, 72, 7.76e-3, 1e4, 4.65e-5, 1.50e-3, 1.41e-3, 302.72],
            surface: (1.0296, 302.72), top: (7.6980e-6, 72.041, 185.20), end: (302.723728231678, 0.0322711146479631),
            start: 287.697781, isSettled: false),
        Clima(
            name: "3-cold-co2-0.06-unsettled", row: [100, 62, 7.15e-3, 1e4, -2.39e-4, 2.27e-3, -7.47e-3, 312.45],
            surface: (1.0296, 312.45), top: (7.6980e-6, 71.191, 178.12), end: (312.445446254365, 0.0554298712337744),
            start: 287.697781, isSettled: false),
        Clima(
            name: "7-warm-ch4-0.005", row: [40, 69, 1.73e-2, 5.34e3, 2.40e-3, 1.75e-2, 7.36e-2, 306.56],
            surface: (1.0296, 306.56), top: (7.6980e-6, 65.465, 52.424), end: (306.555601378680, 0.0402938301392824),
            start: 287.697781, isSettled: false),
        Clima(
            name: "6-vpl-upstream", log: "Clima_log.tail.txt",
            row: [400, 75, 9.54e-3, 1e4, -7.59e-5, 1.34e-3, -2.18e-3, 287.14],
            surface: (1.0299, 287.14), top: (7.6980e-6, 82.824, 211.08), end: (287.144454937235, 0.0125010819499429),
            start: 288, isSettled: true),
    ]

    @Test("Steps, tables and final profile of the climate model are read and judged complete", arguments: climas)
    func climaTables(sample: Clima) throws {
        let table = try ClimaTable(try AtmosSamples.text("\(sample.name)/clima_allout.tab"))
        let steps = Int(sample.row[0])
        #expect(table.steps.map(\.number) == Array(1...steps))
        let row = try #require(table.steps.last)
        let numbers = [
            Double(row.number), Double(row.convectiveLevel), row.largestChange, row.timeStep, row.fluxImbalance,
            row.rmsFluxDivergence, row.surfaceChange, row.surfaceTemperature,
        ]
        #expect(numbers == sample.row)
        let last = try #require(table.last)
        #expect(last.temperature.count == 101 && last.heating.count == 101)
        #expect(last.carbonDioxide.count == 101 && last.fluxes.divergence.count == 101)
        #expect(last.isFinite)
        #expect(last.pressure.last == sample.surface.0 && last.temperature.last == sample.surface.1)
        #expect(last.altitude[100] == 0 && last.convective[100] == 1 && last.fluxes.pressure[0] == 7e-6)
        #expect(last.pressure[0] == sample.top.0)
        #expect(last.altitude[0] == sample.top.1)
        #expect(last.temperature[0] == sample.top.2)

        let bytes = try AtmosSamples.bytes("\(sample.name)/TempOut.dat")
        let profile = try TemperatureProfile(bytes)
        #expect(profile.surfaceTemperature == sample.end.0)
        #expect(profile.waterVapour.last == sample.end.1)
        #expect(profile.bytes == bytes, "unchanged, to the byte")

        let progress = try AtmosSamples.clima("\(sample.name)/\(sample.log)", piece: 61)
        #expect(progress.step == steps)
        #expect(progress.saysCompleted)
        #expect(progress.firstNotFinite == nil)
        let outputs = ClimaVerdict.Outputs(table: table, profile: profile)
        let judged = try ClimaVerdict.judge(.ended(.exited(0)), progress, steps: steps, outputs: outputs)
        let settling = ClimaSettling(
            steps: judged.table.steps, start: sample.start, end: judged.profile.surfaceTemperature)
        #expect((settling.complaint == nil) == sample.isSettled, "\(settling.complaint ?? "")")
    }

    @Test("A profile is written back unchanged, to the byte, and its troposphere moves with the surface")
    func profiles() throws {
        let earth = try TemperatureProfile(try AtmosSamples.bytes("1-earth-start/TempOut.dat"))
        #expect(try AtmosSamples.bytes("2-warm-co2-0.01/TempIn.dat") == earth.bytes)
        let moved = earth.movingTroposphere(to: 297.697781396979)
        #expect(moved.bytes.count == 4949)
        let again = try TemperatureProfile(moved.bytes)
        #expect(again.surfaceTemperature == 297.697781396979)
        let changes = zip(again.temperature, earth.temperature).map { $0 - $1 }
        #expect(zip(changes, changes.dropFirst()).allSatisfy { $0 <= $1 + 1e-9 }, "less at higher levels")
        #expect(changes[changes.count - 2] > 9 && changes[0] == 0)
        #expect(earth.movingTroposphere(to: earth.surfaceTemperature) == earth)
    }
}

extension SpeciesRows {
    /// Returns the number of a species in the first row; `nil` if the table does not have the species.
    func first(_ name: String) -> Double? { species.firstIndex(of: name).map { values[$0][0] } }
}
