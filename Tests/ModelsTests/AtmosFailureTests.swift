import Atmospheres
import Children
import Foundation
import Testing

@testable import Models

/// Logs of real runs that failed, each of which must be recognised for what it is.
@Suite("Real failures of Atmos", .enabled(if: AtmosSamples.exist, AtmosSamples.obstacle))
struct AtmosFailureTests {
    struct Failed: Sendable, CustomTestStringConvertible {
        var log: String
        var ending: AtmosEnding
        var reason: Reason
        /// A part of the failure's details.
        var words: String
        var testDescription: String { log }
    }

    @Test(
        "A failed chemistry run is recognised by its log, whatever its exit code",
        arguments: [
            Failed(
                log: "5-failures/t_noindist.Photo_log.txt", ending: .ended(.exited(2)), reason: AtmosReason.photoError,
                words: "Cannot open file 'PHOTOCHEM/in.dist'"),
            Failed(
                log: "5-failures/t_badnum.Photo_log.txt", ending: .ended(.exited(2)), reason: AtmosReason.photoError,
                words: "Bad real number"),
            Failed(
                log: "5-failures/t_short.Photo_log.txt", ending: .ended(.exited(2)), reason: AtmosReason.photoError,
                words: "End of file"),
            Failed(
                log: "5-failures/t_droppedspecies.Photo_log.txt", ending: .ended(.exited(0)),
                reason: AtmosReason.photoError,
                words: "ERROR IN REACTION 244"),
            Failed(
                log: "5-failures/t_nan.Photo_log.txt", ending: .ended(.exited(0)), reason: AtmosReason.photoNaN,
                words: "from step 1 on"),
            Failed(
                log: "5-failures/t_nan.Photo_log.txt", ending: .stopped(.notFinite), reason: AtmosReason.photoNaN,
                words: "step 74"),
            Failed(
                log: "5-failures/t_stale.Photo_log.txt", ending: .ended(.signalled(15)), reason: AtmosReason.photoError,
                words: "step 2"),
            Failed(
                log: "4-photo-nonconverged/Photo_log.txt", ending: .ended(.exited(0)),
                reason: AtmosReason.photoNonconverged,
                words: "out of steps, step 60"),
            Failed(
                log: "4b-photo-timeout/Photo_log.txt", ending: .stopped(.timeLimit), reason: AtmosReason.photoTimeout,
                words: "step 794"),
            // This is how a singular matrix ends the program.
            Failed(
                log: "4b-photo-timeout/Photo_log.txt", ending: .ended(.exited(0)), reason: AtmosReason.photoError,
                words: "prematurely"),
        ])
    func photo(sample: Failed) throws {
        for piece in [3, 4096] {
            let progress = try AtmosSamples.photo(sample.log, piece: piece)
            let failure = try #require(failure { try PhotoVerdict.judge(sample.ending, progress, dist: .good) })
            #expect(failure.reason == sample.reason)
            #expect(failure.detail.contains(sample.words), "\(failure.detail)")
        }
    }

    @Test("A converged chemistry run fails if its out.dist is missing, truncated or not finite")
    func dist() throws {
        let progress = try AtmosSamples.photo("1-earth-start/Photo_log.txt")
        #expect(failure { try PhotoVerdict.judge(.ended(.exited(0)), progress, dist: .good) } == nil)
        let cases: [(DistFile.Condition, Reason)] = [
            (.missing, AtmosReason.photoError),
            (.incomplete(lines: 900, expected: 1800), AtmosReason.photoError),
            (.notFinite(line: 7), AtmosReason.photoNaN),
        ]
        for (condition, reason) in cases {
            #expect(failure { try PhotoVerdict.judge(.ended(.exited(0)), progress, dist: condition) }?.reason == reason)
        }
        #expect(
            failure { try PhotoVerdict.judge(.ended(.signalled(11)), progress, dist: .good) }?.reason
                == AtmosReason.photoError)
    }

    @Test("The reports of killed runs are refused: no progress, no fluxes") func reports() throws {
        for name in ["5-failures/t_stale.out.out", "5-failures/t_nan.out.out.tail"] {
            let text = try AtmosSamples.text(name)
            #expect(throws: AtmosFileError.self) { _ = try PhotoReport(text, speciesCount: 61) }
        }
        #expect(try AtmosSamples.photo("5-failures/t_stale.out.out").last == nil)
        #expect(try AtmosSamples.photo("5-failures/t_nan.out.out.tail").firstNotFinite == 58)
    }

    @Test(
        "A failed climate run is recognised by its log and its table",
        arguments: [
            Failed(
                log: "5-failures/t_noclimacouple", ending: .ended(.exited(2)), reason: AtmosReason.climaError,
                words: "End of file"),
            Failed(
                log: "5-failures/t_notempin", ending: .ended(.exited(2)), reason: AtmosReason.climaError,
                words: "End of file"),
            Failed(
                log: "5-failures/t_hot", ending: .ended(.signalled(8)), reason: AtmosReason.climaCrash, words: "SIGFPE"),
            // As a shell between the model and the program would report it.
            Failed(
                log: "5-failures/t_cold", ending: .ended(.exited(136)), reason: AtmosReason.climaCrash, words: "SIGFPE"),
        ])
    func clima(sample: Failed) throws {
        let progress = try AtmosSamples.clima(sample.log + ".Clima_log.txt")
        let table = try ClimaTable(try AtmosSamples.text(sample.log + ".clima_allout.tab"))
        #expect(table.steps.isEmpty && table.last == nil)
        let failure = try #require(
            failure {
                _ = try ClimaVerdict.judge(sample.ending, progress, steps: 200, outputs: .init(table: table))
            })
        #expect(failure.reason == sample.reason)
        #expect(failure.detail.contains(sample.words), "\(failure.detail)")
    }

    @Test("A finished climate run is refused if an output is missing or belongs to another run")
    func climaOutputs() throws {
        let progress = try AtmosSamples.clima("1-earth-start/Clima_log.txt")
        let text = try AtmosSamples.text("1-earth-start/clima_allout.tab")
        let profile = try TemperatureProfile(try AtmosSamples.bytes("1-earth-start/TempOut.dat"))
        let other = try TemperatureProfile(try AtmosSamples.bytes("1-earth-start/TempIn.dat"))
        let table = try ClimaTable(text)
        func reason(_ outputs: ClimaVerdict.Outputs, steps: Int = 200, _ ending: AtmosEnding = .ended(.exited(0)))
            -> Reason?
        {
            failure { _ = try ClimaVerdict.judge(ending, progress, steps: steps, outputs: outputs) }?.reason
        }
        #expect(reason(.init(table: table, profile: profile)) == nil)
        #expect(reason(.init(table: nil, profile: profile)) == AtmosReason.climaError)
        #expect(reason(.init(table: table, profile: nil)) == AtmosReason.climaError)
        #expect(reason(.init(table: table, profile: other)) == AtmosReason.climaError, "a stale TempOut.dat")
        #expect(reason(.init(table: table, profile: profile), steps: 400) == AtmosReason.climaError)
        #expect(reason(.init(table: table, profile: profile), .stopped(.timeLimit)) == AtmosReason.climaTimeout)
        // Truncated anywhere after the last row, the tables are incomplete.
        for line in [440, 500, 545, 560, 655] {
            let cut = Array(text.bytes[..<text.lines[line].upperBound])
            let table = try? ClimaTable(FortranText(cut, file: "clima_allout.tab"))
            #expect(reason(.init(table: table, profile: profile)) == AtmosReason.climaError, "cut after \(line)")
        }
    }
}
