internal import Foundation

/// A way to misbehave.
///
/// Which one a run takes is decided by its composition: the mixing ratios that `PHOTOCHEM/INPUTFILES/species.dat` fixes.
/// - `ATMOS_STAND_IN_FAULTS` is a file of lines `FAULT GAS=VALUE ...`, such as `photo-nan CO2=0.02 O2=0.2`. The first
///   line whose values are all those of the composition, to a millionth, is taken; a line without values fits all.
/// - `ATMOS_STAND_IN_FAULT_SHARE` is the share of compositions, from 0 to 1, that misbehave, each in a way that its
///   numbers choose: ``chosen(for:share:)`` tells which.
enum Fault: String, CaseIterable {
    /// Dies by a signal in the middle.
    case photoCrash = "photo-crash"
    case photoRuntimeError = "photo-runtime-error"
    /// Stops after a step with exit code 0, as at a singular matrix.
    case photoSingular = "photo-singular"
    /// Says that it has completed and writes no `out.dist`.
    case photoNoOutput = "photo-no-output"
    /// NaN from some step on, and no end.
    case photoNaN = "photo-nan"
    /// Steps on and on while model time does not grow.
    case photoNoGrowth = "photo-no-growth"
    /// Completes at its step limit.
    case photoOutOfSteps = "photo-out-of-steps"
    case photoTruncated = "photo-truncated"
    /// Completes with NaN in `out.dist`.
    case photoNaNOutput = "photo-nan-output"
    /// Says nothing and does not end.
    case photoHang = "photo-hang"
    /// As that, and SIGTERM does not end it.
    case photoStubborn = "photo-stubborn"
    /// Converges and leaves a process behind that holds its standard output.
    case photoGrandchild = "photo-grandchild"
    /// Converges and says far too much, a line of 16 MB among it.
    case photoTalkative = "photo-talkative"
    /// SIGFPE, the standard output lost.
    case climaCrash = "clima-crash"
    case climaRuntimeError = "clima-runtime-error"
    /// Ends well and writes no `TempOut.dat`.
    case climaNoOutput = "clima-no-output"
    case climaTruncated = "clima-truncated"
    case climaNaNOutput = "clima-nan-output"
    case climaHang = "clima-hang"
    case climaStubborn = "clima-stubborn"
    /// Ends well, each time some kelvins away from where it started.
    case climaUnsettled = "clima-unsettled"

    /// The reason that a driver must give: its word in the results file.
    var expectedReason: String {
        switch self {
        case .photoCrash, .photoRuntimeError, .photoSingular, .photoNoOutput, .photoTruncated: "photo_error"
        case .photoNaN, .photoNaNOutput: "photo_nan"
        case .photoNoGrowth, .photoOutOfSteps: "photo_nonconverged"
        case .photoHang, .photoStubborn: "photo_timeout"
        case .photoGrandchild, .photoTalkative: "none"
        case .climaCrash: "clima_crash"
        case .climaRuntimeError, .climaNoOutput, .climaTruncated, .climaNaNOutput: "clima_error"
        case .climaHang, .climaStubborn: "clima_timeout"
        case .climaUnsettled: "clima_unsettled"
        }
    }

    /// The fault of a composition, by the environment.
    static func current(for composition: [String: Double]) -> Fault? {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["ATMOS_STAND_IN_FAULTS"],
            let text = try? String(contentsOfFile: path, encoding: .utf8),
            let fault = ruled(by: text, for: composition)
        {
            return fault
        }
        guard let share = environment["ATMOS_STAND_IN_FAULT_SHARE"].flatMap(Double.init) else { return nil }
        return chosen(for: composition, share: share)
    }

    /// The fault that a file of rules gives a composition.
    static func ruled(by text: String, for composition: [String: Double]) -> Fault? {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let fault = words.first.flatMap({ Fault(rawValue: String($0)) }) else { continue }
            let fits = words.dropFirst().allSatisfy { word in
                let parts = word.split(separator: "=")
                guard parts.count == 2, let wanted = Double(parts[1]), let value = composition[String(parts[0])] else {
                    return false
                }
                return abs(value - wanted) <= 1e-6 * abs(wanted)
            }
            if fits { return fault }
        }
        return nil
    }

    /// The fault that a composition chooses by its numbers: so that `share` of all have one, every kind as often.
    static func chosen(for composition: [String: Double], share: Double) -> Fault? {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ bytes: some Sequence<UInt8>) {
            // FNV-1a
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        for (gas, value) in composition.sorted(by: { $0.key < $1.key }) {
            mix(gas.utf8)
            // Six digits: the same for a value that was rounded on its way.
            mix(withUnsafeBytes(of: Int64((value * 1e12).rounded()) / max(1, Self.unit(value)), Array.init))
        }
        // FNV leaves the high bits of short texts alike (Steele et al. 2014, the finisher of SplitMix).
        hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
        hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
        hash ^= hash >> 31
        guard Double(hash >> 11) * 0x1p-53 < share else { return nil }
        return allCases[Int(hash & 0x7ff) % allCases.count]
    }

    /// A unit of the sixth digit of `value`, in 10^-12.
    private static func unit(_ value: Double) -> Int64 {
        value <= 0 ? 1 : Int64(pow(10, (log10(value) + 7).rounded(.down)))
    }
}
