import Atmospheres
import Foundation
import Testing

@testable import Models

/// The parsers, with small texts that are part of the repository.
@Suite struct AtmosTextTests {
    @Test(
        "Numbers are parsed as Fortran writes them",
        arguments: [
            ("0.21000000E+00", 0.21), ("  1.69-230", 1.69e-230), ("-1.05-203 ", -1.05e-203),
            ("0.12345678+101", 0.12345678e101),
            ("7.0821179684071236E-220", 7.0821179684071236e-220), ("1098111021908.6069", 1098111021908.6069),
            (" 1.0D+03", 1000), ("-0.00E+00", 0), ("0.", 0), (".5", 0.5), ("4.0E-4", 4e-4), ("1e4", 1e4), ("200", 200),
            ("\t60.", 60), ("1.797E+308", 1.797e308), ("Infinity", .infinity),
            ("-Infinity", -.infinity), ("+Inf", .infinity), ("0.10000000000000000555", 0.1),
        ] as [(String, Double)])
    func number(text: String, value: Double) {
        #expect(FortranNumber.parse(Array(text.utf8)[...]) == value)
    }

    @Test("NaN and asterisks are NaN", arguments: ["NaN", "  nan ", "*********"])
    func notANumber(text: String) {
        #expect(FortranNumber.parse(Array(text.utf8)[...])?.isNaN == true)
    }

    @Test(
        "What Fortran does not write is refused",
        arguments: ["", "   ", "abc", "1.2.3", "1.2E", "-", "1.2E+", "1 2", "*1", "1.0E+99999", "E5", "--1", "1-"])
    func refused(text: String) {
        #expect(FortranNumber.parse(Array(text.utf8)[...]) == nil)
    }

    @Test("Numbers are written as Fortran writes them")
    func written() {
        #expect(FortranNumber.scientific(0.21, digits: 8) == "0.21000000E+00")
        #expect(FortranNumber.scientific(-2.7406994e-94, digits: 8) == "-0.27406994E-93")
        #expect(FortranNumber.scientific(2.7406994e-231, digits: 8) == "0.27406994-230")
        #expect(FortranNumber.scientific(9.99999999e99, digits: 8) == "0.10000000+101")
        #expect(FortranNumber.scientific(0, digits: 8) == "0.00000000E+00")
    }

    static let species = """
        *** made up
        *   LONG-LIVED ...
        O2         LL  2 0 0 0 0 0    1     0.      2.1E-01 0.        0.      0      0.      0.   ! kept
        H2O        LL  1 2 0 0 0 0    0     0.      0.      0.        0.      0      0.      0.
        CO2        LL\t2 0 1 0 0 0    3     5.0E-05 4.0E-4  6.875E+08 14.     0      0.      0.
        HNO2       SL  2 1 0 0 1 0
        N2         IN  0 0 0 0 2 0    0.78          !last
        HV         HV  0 0 0 0 0 0
        M          M   0 0 0 0 0 0

        """

    @Test("A mixing ratio is replaced in place; the rest of the species table is unchanged") func speciesTable() throws
    {
        var table = try SpeciesTable(Array(Self.species.utf8))
        #expect(table.longLived == ["O2", "H2O", "CO2"])
        #expect(table.gases == [.n2, .o2, .h2o, .co2])
        #expect(table.bytes == Array(Self.species.utf8))
        try table.setMixingRatio(0.1 + 0.2, of: .co2)
        try table.setMixingRatio(1.63e-6, of: .o2)
        try table.setMixingRatio(0.7772982887, of: .n2)
        let expected = Self.species.replacing(
            "0    3     5.0E-05 4.0E-4 ", with: "0    1     5.0E-05 0.30000000000000004 "
        ).replacing("2.1E-01", with: "1.63e-06").replacing("0.78 ", with: "0.7772982887 ")
        #expect(String(decoding: table.bytes, as: UTF8.self) == expected)
        try table.setMixingRatio(0.1 + 0.2, of: .co2, digits: .pyatmos)
        #expect(String(decoding: table.bytes, as: UTF8.self).contains(" 1     5.0E-05 3.000E-01 "))
    }

    @Test("The species table refuses impossible mixing ratios and malformed lines") func badSpecies() throws {
        var table = try SpeciesTable(Array(Self.species.utf8))
        #expect(throws: AtmosFileError.self) { try table.setMixingRatio(0.1, of: .ch4) }
        for value in [-0.1, 1.1, .nan] {
            #expect(throws: AtmosFileError.self) { try table.setMixingRatio(value, of: .co2) }
        }
        for (old, new) in [("SL", "XX"), ("14.     0      0.      0.", "14."), ("0.78", "!")] {
            let text = Self.species.replacing(old, with: new)
            #expect(throws: AtmosFileError.self, "\(old)") { _ = try SpeciesTable(Array(text.utf8)) }
        }
        #expect(throws: AtmosFileError.self) { _ = try SpeciesTable([]) }
    }

    static let clima = """
        * made up
        *2345678901HERE

        NSTEPS=    200           !steps
        ZY=\t   60.
        IUP=       1                    !a cold start
        TG0=       288.\t\t!K
        ICOUPLE=   1
        IMET=      0
        IHAZE=     0

        C     NSTEPS= in words

        """

    @Test("A setting is replaced in place") func keyedInput() throws {
        var input = try ClimaInput(Array(Self.clima.utf8))
        #expect(input.bytes == Array(Self.clima.utf8))
        #expect(try input.number(.steps) == 200 && input.number(.startTemperature) == 288)
        try input.set(.steps, to: 80)
        try input.set(.coldStart, to: 0)
        try input.set(.startTemperature, to: 301)
        #expect(
            String(decoding: input.bytes, as: UTF8.self)
                == Self.clima.replacing("200 ", with: "80 ").replacing("IUP=       1", with: "IUP=       0")
                .replacing("288.", with: "301"))
        let glued = Self.clima.replacing("IUP=       1", with: "IUP=1")
        #expect(throws: AtmosFileError.self) { _ = try ClimaInput(Array(glued.utf8)) }
        var photo = try PhotoInput(Array("*\n\nfrak=      0\nICOUPLE=   0\nZY=\t   60.\n\n".utf8))
        #expect(!photo.isUpstream)
        try photo.setCoupled(true)
        #expect(String(decoding: photo.bytes, as: UTF8.self).contains("ICOUPLE=   1\nZY"))
    }

    @Test("A progress line is read once it is complete") func progress() {
        let line =
            " N =10001  EMAX = 6.25E-11 FOR C2H6S   AT Z = 4.18E+06 U = 1.53E-15 RHS =-9.55E-26  DT = 3.15E+18  "
            + "TIME = 7.87E+17\n"
        var progress = PhotoProgress()
        for byte in line.utf8 {
            #expect(progress.last == nil)
            progress.receive([byte])
        }
        #expect(
            progress.last
                == PhotoProgress.Step(
                    number: 10001, largestChange: 6.25e-11, species: "C2H6S", timeStep: 3.15e18, time: 7.87e17))
        #expect(progress.firstNotFinite == nil)
        progress.receive(" N =   12  EMAX = 6.25E-11 FOR O".utf8)
        progress.finish()
        #expect(progress.last?.number == 10001, "a truncated line is ignored")
        progress.receive("PhotoMain run com".utf8)
        // The other stream arrives in between.
        progress.receive("Note: IEEE_UNDERFLOW\n".utf8, from: .errors)
        progress.receive("pleted....\n".utf8)
        #expect(progress.saysCompleted)
        progress.receive(line.replacing(" 6.25E-11", with: "      NaN").replacing("10001", with: "    7").utf8)
        #expect(progress.firstNotFinite == 7)
        progress.receive(" discrepancy between one and the other\n".utf8)
        #expect(progress.inputError == "discrepancy between one and the other")
    }

    @Test("A stream without line breaks does not fill the memory, and what follows is read") func endless() {
        var progress = PhotoProgress()
        for _ in 0..<100 { progress.receive(repeatElement(UInt8(ascii: "x"), count: 10_000)) }
        progress.receive("\n PhotoMain run completed....\n".utf8)
        #expect(progress.saysCompleted)
    }

    @Test("A row of the climate model is parsed by its labels, with overflowed fields as NaN") func climaStep() throws {
        let row =
            " NST=   200 JCONV= 74 CHG=1.08E-03 dt0=1.00E+04 DIVF(1)=-6.89E-05 DIVFrms= 1.55E-03 DT(ND)=-1.98E-03 "
            + "T(ND)=2.8770E+02"
        let step = try #require(ClimaStep(Array(row.utf8)[...]))
        #expect(step.number == 200 && step.surfaceChange == -1.98e-3 && step.surfaceTemperature == 287.7)
        #expect(step.isFinite)
        let wide = try #require(ClimaStep(Array(row.replacing("1.08E-03", with: "********").utf8)[...]))
        #expect(!wide.isFinite)
        for count in 0..<row.utf8.count - 10 { #expect(ClimaStep(Array(row.utf8.prefix(count))[...]) == nil) }
    }

    @Test("The lines of a state of the chemistry are checked before its numbers") func dist() throws {
        let shape = DistFile.Shape(species: 11, levels: 2)
        #expect(shape.lineCount == 8)
        func line(_ count: Int, _ number: String = "0.21000000E+00") -> String {
            String(repeating: "   " + number, count: count) + "\n"
        }
        let good = line(10) + line(10, "0.27406994-230") + line(1) + line(1) + line(5) + line(5) + line(6) + line(6)
        let state = try DistFile(Array(good.utf8), shape: shape)
        #expect(state.mixingRatios.count == 11 && state.mixingRatios[0] == [0.21, 2.7406994e-231])
        #expect(state.particles.count == 6)
        #expect(state.bytes == Array(good.utf8))
        #expect(DistFile.condition(of: nil, shape: shape) == .missing)
        #expect(DistFile.condition(of: [], shape: shape) == .incomplete(lines: 0, expected: 8))
        for bad in ["           NaN", "      Infinity", "**************"] {
            let text = line(10) + line(10, bad) + String(good.dropFirst(2 * line(10).count))
            #expect(DistFile.condition(of: Array(text.utf8), shape: shape) == .notFinite(line: 2))
            #expect(throws: AtmosFileError.self) { _ = try DistFile(Array(text.utf8), shape: shape) }
        }
        // The right number of lines, but in the wrong order.
        let swapped = line(10) + line(1) + line(10) + line(1) + line(5) + line(5) + line(6) + line(6)
        #expect(
            DistFile.condition(of: Array(swapped.utf8), shape: shape) == .incomplete(lines: 8, expected: 8))
    }

    @Test("Tables without gaps are read by column, and only the last of a report")
    func rows() throws {
        let report = """
             OZONE COLUMN DEPTH =  5.0000E+18
             MIXING RATIOS OF LONG-LIVED SPECIES


                 Z        O3       N
              9.00E+09 9.99E-09 9.99E-09

             MIXING RATIOS OF LONG-LIVED SPECIES


                 Z        O3       N
              2.50E+04 1.69-230-1.05-203

             OZONE COLUMN DEPTH =  5.7610E+18
             FLUXES OF LONG-LIVED SPECIES


                 Z        O3        N
              0.00E+00 -2.49E+01 -1.05-203

            """
        let parsed = try PhotoReport(FortranText(report, file: "out.out"), speciesCount: 2)
        #expect(parsed.ozoneColumn == 5.761e18)
        #expect(
            parsed.mixingRatios.species == ["O3", "N"] && parsed.mixingRatios.values == [[1.69e-230], [-1.05e-203]])
        #expect(parsed.fluxes.altitude == [0] && parsed.fluxes.values == [[-24.9], [-1.05e-203]])
        #expect(throws: AtmosFileError.self) {
            _ = try PhotoReport(FortranText(report, file: "out.out"), speciesCount: 3)
        }
    }

    @Test("A profile needs all its levels and keeps its digits") func profile() throws {
        let line = "   101.233295523630        0.451485588218352E-05\n"
        let bytes = Array(String(repeating: line, count: 101).utf8)
        let profile = try TemperatureProfile(bytes)
        #expect(profile.temperature.count == 101 && profile.surfaceTemperature == 101.233295523630)
        #expect(profile.bytes == bytes)
        #expect(throws: AtmosFileError.self) { _ = try TemperatureProfile(Array(bytes.dropLast())) }
        #expect(throws: AtmosFileError.self) { _ = try TemperatureProfile(Array(bytes.dropLast(49))) }
        #expect(throws: AtmosFileError.self) { _ = try TemperatureProfile([]) }
        let bad = String(repeating: line, count: 100) + line.replacing("101.233295523630", with: "             NaN")
        #expect(throws: AtmosFileError.self) { _ = try TemperatureProfile(Array(bad.utf8)) }
    }
}
