import Atmospheres
import Children
import Foundation
import Glibc
import Testing

@testable import AtmosStandIn
@testable import Models

/// The outputs of the stand-in for Atmos are read like those of Atmos, and its faults are recognised for what they are.
@Suite(.serialized) struct AtmosStandInTests {
    @Test("The outputs of the chemistry are read, for either variant", arguments: ["fdl", "vpl"])
    func photo(variant: String) throws {
        let atmos = try StandInAtmos(variant)
        let scratch = try atmos.scratch()
        let ended = try scratch.run("Photo.run")
        #expect(scratch.photoReason(ended) == nil)
        let output = try PhotoOutput(
            folder: scratch.file("PHOTOCHEM/OUTPUT"), species: atmos.tree.species.longLived, shape: atmos.tree.shape)
        #expect(output.isFinite)
        #expect(output.levels.species.count == atmos.tree.shape.species)
        func index(of name: String) throws -> Int { try #require(output.species.firstIndex(of: name)) }
        #expect(output.state.mixingRatios[try index(of: "CO2")][0] == 4e-4)
        #expect(abs(output.levels.mixingRatios[try index(of: "O2")][0] - 0.21) < 1e-9)
        #expect(output.report.fluxes.altitude.count == 102 && output.report.mixingRatios.altitude.count == 102)
        #expect(abs(output.ozoneColumn / 5e18 - 1) < 0.2)
        #expect(output.state.bytes == (try scratch.read("PHOTOCHEM/OUTPUT/out.dist")))
        #expect(output.report.fluxes.first("CO") == output.surfaceFluxes[try index(of: "CO")])
    }

    @Test("Its steps grow with the distance from the start, and its result does not depend on the start") func start()
        throws
    {
        let atmos = try StandInAtmos()
        var ends: [[UInt8]] = []
        var steps: [Int] = []
        var state = try atmos.tree.initialState()
        for co2 in [0.01, 0.02, 0.02] {
            let scratch = try atmos.scratch()
            try scratch.species.setMixingRatio(co2, of: .co2)
            try scratch.write(state, "PHOTOCHEM/in.dist")
            let ended = try scratch.run("Photo.run")
            #expect(scratch.photoReason(ended) == nil)
            steps.append(scratch.photoProgress(ended).last?.number ?? 0)
            let end = try scratch.read("PHOTOCHEM/OUTPUT/out.dist")
            // The third run starts from Earth again.
            state = ends.isEmpty ? end : try atmos.tree.initialState()
            ends.append(end)
        }
        #expect(steps[1] < steps[0] && steps[1] < steps[2])
        #expect(ends[1] == ends[2])
        #expect(ends[0] != ends[1])
    }

    @Test("Passes of the climate model that start from their end converge; their pressure is that of the start")
    func climate() throws {
        let atmos = try StandInAtmos()
        let scratch = try atmos.scratch()
        #expect(scratch.photoReason(try scratch.run("Photo.run")) == nil)
        let earth = try scratch.climaResult(try scratch.run("Clima.run")).profile

        try scratch.species.setMixingRatio(0.06, of: .co2)
        #expect(scratch.photoReason(try scratch.run("Photo.run")) == nil)
        try scratch.climaInput.set(.coldStart, to: 0)
        try scratch.climaInput.set(.steps, to: 80)
        var profile = earth
        var temperatures: [Double] = []
        for _ in 0..<5 {
            try scratch.write(profile.bytes, "CLIMA/IO/TempIn.dat")
            let start = profile.surfaceTemperature
            let (table, end) = try scratch.climaResult(try scratch.run("Clima.run"))
            #expect(table.steps.count == 80)
            let pressure = 1.013 + StateFile.saturation(start)
            #expect(abs(try #require(table.last?.pressure.last) - pressure) < 1e-4)
            #expect(abs(table.steps[0].surfaceChange) > 5, "a pass begins with a shock")
            temperatures.append(end.surfaceTemperature)
            profile = end
            let settling = ClimaSettling(steps: table.steps, start: start, end: end.surfaceTemperature)
            #expect((settling.complaint == nil) == (abs(settling.displacement) < 1), "\(settling)")
        }
        #expect(temperatures[0] < temperatures[4] - 2)
        #expect(abs(temperatures[2] - temperatures[1]) < 2)
        #expect(abs(temperatures[4] - temperatures[3]) < 0.25)
        #expect(temperatures[4] > earth.surfaceTemperature + 10)

        // Methane has an effect only if its absorption is switched on.
        try scratch.species.setMixingRatio(0.005, of: .ch4)
        #expect(scratch.photoReason(try scratch.run("Photo.run")) == nil)
        var ends: [Double] = []
        for absorbs in [0, 1] {
            try scratch.climaInput.set(.methane, to: absorbs)
            ends.append(try scratch.climaResult(try scratch.run("Clima.run")).profile.surfaceTemperature)
        }
        #expect(ends[1] > ends[0] + 2)
    }

    @Test("Coupled rounds change the ozone column by a few per cent and converge") func coupled() throws {
        let atmos = try StandInAtmos()
        let scratch = try atmos.scratch()
        var columns: [Double] = []
        for round in 0..<4 {
            if round > 0 { try scratch.photoInput.setCoupled(true) }
            #expect(scratch.photoReason(try scratch.run("Photo.run")) == nil)
            let report = try PhotoReport(
                contentsOf: scratch.file("PHOTOCHEM/OUTPUT/out.out"), speciesCount: atmos.tree.shape.species)
            columns.append(report.ozoneColumn)
            try scratch.write(try scratch.read("PHOTOCHEM/OUTPUT/out.dist"), "PHOTOCHEM/in.dist")
            _ = try scratch.climaResult(try scratch.run("Clima.run"))
        }
        #expect((0.01..<0.1).contains(columns[1] / columns[0] - 1))
        #expect(abs(columns[3] / columns[2] - 1) < 0.003)
    }

    @Test("Every fault is recognised for what it is", arguments: Fault.allCases)
    func faults(fault: Fault) throws {
        let atmos = try StandInAtmos()
        let scratch = try atmos.scratch()
        try scratch.species.setMixingRatio(0.02, of: .co2)
        let rules = atmos.folder.appending(path: "rules").path
        try "photo-nan CO2=0.03\n\(fault.rawValue) CO2=0.02 O2=0.21\n".write(
            toFile: rules, atomically: true, encoding: .utf8)
        let environment = ["ATMOS_STAND_IN_FAULTS": rules]
        let photo = try photoEnd(scratch, fault, environment)
        var reason = scratch.photoReason(photo)
        if reason == nil {
            let clima = try climaEnd(scratch, fault, environment)
            reason = failure { _ = try scratch.climaResult(clima) }?.reason
            if reason == nil, fault == .climaUnsettled {
                let result = try scratch.climaResult(clima)
                let settling = ClimaSettling(
                    steps: result.table.steps, start: 288, end: result.profile.surfaceTemperature)
                #expect(settling.complaint?.contains("from its start") == true)
                reason = AtmosReason.climaUnsettled
            }
        }
        #expect((reason ?? .none).name == fault.expectedReason)
        let other = try atmos.scratch()
        #expect(
            other.photoReason(try other.run("Photo.run", environment: environment)) == nil,
            "other compositions have no fault")
    }

    private func photoEnd(
        _ scratch: StandInAtmos.Scratch, _ fault: Fault, _ environment: [String: String]
    ) throws -> StandInAtmos.Ended {
        switch fault {
        case .photoNaN:
            let started = try scratch.start("Photo.run", environment: environment)
            return try started.stop(.notFinite) { output in
                var progress = PhotoProgress()
                progress.receive(output)
                return progress.firstNotFinite != nil
            }
        case .photoNoGrowth:
            let started = try scratch.start("Photo.run", environment: environment)
            return try started.stop(.noGrowth) { output in
                var progress = PhotoProgress()
                progress.receive(output)
                return progress.stepsWithoutGrowth > 60
            }
        case .photoHang, .photoStubborn:
            let started = try scratch.start("Photo.run", environment: environment)
            return try hang(started, isStubborn: fault == .photoStubborn, after: " N =")
        case .photoGrandchild:
            let started = try scratch.start("Photo.run", environment: environment)
            try started.wait { started.isZombie }
            // The process that it left behind belongs to its group.
            #expect(kill(-started.process.processIdentifier, SIGKILL) == 0)
            return try started.end(within: 20)
        default: return try scratch.run("Photo.run", environment: environment)
        }
    }

    private func climaEnd(
        _ scratch: StandInAtmos.Scratch, _ fault: Fault, _ environment: [String: String]
    ) throws -> StandInAtmos.Ended {
        guard fault == .climaHang || fault == .climaStubborn else {
            return try scratch.run("Clima.run", environment: environment)
        }
        let started = try scratch.start("Clima.run", environment: environment)
        return try hang(started, isStubborn: fault == .climaStubborn, after: "Surface temperature=")
    }

    /// Ends a program that writes nothing after `words`: SIGTERM does, unless the program is stubborn.
    private func hang(
        _ started: StandInAtmos.Started, isStubborn: Bool, after words: StaticString
    ) throws -> StandInAtmos.Ended {
        let ended = try started.stop(.timeLimit) { output in
            guard output[...].contains(words) else { return false }
            Thread.sleep(forTimeInterval: 0.2)
            kill(started.process.processIdentifier, SIGTERM)
            Thread.sleep(forTimeInterval: 0.2)
            #expect(started.process.isRunning == isStubborn)
            return true
        }
        return ended
    }

    @Test("A given fraction of the compositions has faults, of every kind, chosen by their numbers")
    func share() {
        var counts: [Fault: Int] = [:]
        for i in 0..<100 {
            for j in 0..<100 {
                let composition = ["CO2": 4e-4 + 1e-3 * Double(i), "O2": 0.002 * Double(j), "CH4": 1.63e-6]
                guard let fault = Fault.chosen(for: composition, share: 0.1) else { continue }
                counts[fault, default: 0] += 1
            }
        }
        let all = counts.values.reduce(0, +)
        #expect((850...1150).contains(all), "\(all) of 10000")
        #expect(counts.count == Fault.allCases.count)
        #expect(counts.values.allSatisfy { $0 > all / Fault.allCases.count / 2 }, "\(counts)")
        let one = ["CO2": 0.1 + 0.2, "O2": 0.21]
        #expect(Fault.chosen(for: one, share: 1) == Fault.chosen(for: ["CO2": 0.3, "O2": 0.21], share: 1))
    }

    @Test("Bad inputs end the stand-in as they end Atmos") func badInputs() throws {
        let atmos = try StandInAtmos()
        func photo(_ change: (StandInAtmos.Scratch) throws -> Void) throws -> (AtmosEnding, PhotoProgress) {
            let scratch = try atmos.scratch()
            try change(scratch)
            let ended = try scratch.run("Photo.run")
            #expect(scratch.photoReason(ended) == AtmosReason.photoError)
            return (ended.ending, scratch.photoProgress(ended))
        }
        let missing = try photo { try FileManager.default.removeItem(atPath: $0.file("PHOTOCHEM/in.dist")) }
        #expect(missing.0 == .ended(.exited(2)) && missing.1.runtimeError?.contains("Cannot open file") == true)
        let short = try photo { scratch in
            let state = try scratch.read("PHOTOCHEM/in.dist")
            try scratch.write(Array(state.prefix(state.count / 2)), "PHOTOCHEM/in.dist")
        }
        #expect(short.0 == .ended(.exited(2)) && short.1.runtimeError?.contains("End of file") == true)
        let uncoupled = try photo { try $0.photoInput.setCoupled(true) }
        #expect(uncoupled.0 == .ended(.exited(2)) && uncoupled.1.runtimeError?.contains("End of file") == true)
        let text = String(decoding: atmos.tree.species.bytes, as: UTF8.self)
        let word = try photo { $0.speciesText = text.replacing("3.70E+11", with: "abc") }
        #expect(word.0 == .ended(.exited(2)) && word.1.runtimeError?.contains("Bad real number") == true)
        let dropped = try photo { scratch in
            scratch.speciesText = text.split(separator: "\n").filter { !$0.hasPrefix("OCS") }.joined(separator: "\n")
        }
        #expect(dropped.0 == .ended(.exited(0)) && dropped.1.inputError?.contains("ERROR IN REACTION") == true)

        let scratch = try atmos.scratch()
        try scratch.climaInput.set(.coldStart, to: 0)
        for _ in 0..<2 {
            let ended = try scratch.run("Clima.run")
            #expect(ended.ending == .ended(.exited(2)))
            #expect(scratch.climaProgress(ended).runtimeError?.contains("End of file") == true)
            // The second time with the files of the chemistry, but with an empty TempIn.dat.
            #expect(scratch.photoReason(try scratch.run("Photo.run")) == nil)
        }
        for kelvin in [50, 1000] {
            try scratch.climaInput.set(.coldStart, to: 1)
            try scratch.climaInput.set(.startTemperature, to: kelvin)
            let ended = try scratch.run("Clima.run")
            #expect(ended.ending == .ended(.signalled(SIGFPE)))
            #expect(failure { _ = try scratch.climaResult(ended) }?.reason == AtmosReason.climaCrash)
        }

        // The mixing ratios add up to more than one: the state is never finite again.
        let full = try atmos.scratch()
        try full.species.setMixingRatio(0.99, of: .o2)
        try full.species.setMixingRatio(0.09, of: .co2)
        let ended = try full.start("Photo.run").stop(.notFinite) { $0[...].contains("NaN") }
        #expect(full.photoReason(ended) == AtmosReason.photoNaN)
    }

    @Test("Buffered output is lost when the program dies, unless buffering is switched off") func buffering() throws {
        let atmos = try StandInAtmos()
        for (setting, isKept) in [("1", true), ("0", false)] {
            let scratch = try atmos.scratch()
            let rules = atmos.folder.appending(path: "rules").path
            try "photo-crash\n".write(toFile: rules, atomically: true, encoding: .utf8)
            let ended = try scratch.run(
                "Photo.run", environment: ["ATMOS_STAND_IN_FAULTS": rules, "GFORTRAN_UNBUFFERED_ALL": setting])
            #expect(ended.ending == .ended(.signalled(SIGSEGV)))
            #expect((scratch.photoProgress(ended).last != nil) == isKept)
        }
    }
}
