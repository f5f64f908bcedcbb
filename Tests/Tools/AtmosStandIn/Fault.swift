internal import Foundation

/// A fault of a run.
///
/// It is selected by the composition, that is, the mixing ratios that `PHOTOCHEM/INPUTFILES/species.dat` fixes:
/// - `ATMOS_STAND_IN_FAULTS` names a file of lines `FAULT GAS=VALUE ...`, such as `photo-nan CO2=0.02 O2=0.2`. The first
///   line whose values all match the composition, to a millionth, applies; a line without values matches any.
/// - `ATMOS_STAND_IN_FAULT_SHARE` is the fraction of compositions, from 0 to 1, that have a fault, which their numbers
///   select: see ``chosen(for:share:)``.
enum Fault: String, CaseIterable {
    /// Dies by a signal in mid-run.
    case photoCrash = "photo-crash"
    case photoRuntimeError = "photo-runtime-error"
    /// Stops after a step with exit code 0, as with a singular matrix.
    case photoSingular = "photo-singular"
    /// Reports completion without writing `out.dist`.
    case photoNoOutput = "photo-no-output"
    /// Continues with NaN.
    case photoNaN = "photo-nan"
    /// Continues without growth of model time.
    case photoNoGrowth = "photo-no-growth"
    /// Reports completion at its step limit.
    case photoOutOfSteps = "photo-out-of-steps"
    case photoTruncated = "photo-truncated"
    /// Reports completion with NaN in `out.dist`.
    case photoNaNOutput = "photo-nan-output"
    /// Stops writing and does not end.
    case photoHang = "photo-hang"
    /// Stops writing, and ignores SIGTERM.
    case photoStubborn = "photo-stubborn"
    /// Converges, but leaves a process behind that keeps its standard output open.
    case photoGrandchild = "photo-grandchild"
    /// Converges with excessive output, including a line of 16 MB.
    case photoTalkative = "photo-talkative"
    /// Dies of SIGFPE and loses its standard output.
    case climaCrash = "clima-crash"
    case climaRuntimeError = "clima-runtime-error"
    /// Finishes without writing `TempOut.dat`.
    case climaNoOutput = "clima-no-output"
    case climaTruncated = "clima-truncated"
    case climaNaNOutput = "clima-nan-output"
    case climaHang = "clima-hang"
    case climaStubborn = "clima-stubborn"
    /// Finishes, each time a few kelvins away from its start.
    case climaUnsettled = "clima-unsettled"

    /// The reason that the model must report, by its name in the results file.
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

    /// Returns the fault that the environment selects for a composition.
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

    /// Returns the fault that a file of rules selects for a composition.
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

    /// Returns the fault that the numbers of a composition select, such that a fraction `share` of all compositions have
    /// one, with all kinds equally frequent.
    static func chosen(for composition: [String: Double], share: Double) -> Fault? {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ bytes: some Sequence<UInt8>) {
            // FNV-1a
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        for (gas, value) in composition.sorted(by: { $0.key < $1.key }) {
            mix(gas.utf8)
            // Six digits, so that a value that was rounded on its way selects the same fault.
            mix(withUnsafeBytes(of: Int64((value * 1e12).rounded()) / max(1, Self.unit(value)), Array.init))
        }
        // The high bits of FNV hardly vary for short texts: mix them (Steele et al. 2014, the finaliser of SplitMix).
        hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
        hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
        hash ^= hash >> 31
        guard Double(hash >> 11) * 0x1p-53 < share else { return nil }
        return allCases[Int(hash & 0x7ff) % allCases.count]
    }

    /// Returns one unit of the sixth digit of `value`, in units of 1e-12.
    private static func unit(_ value: Double) -> Int64 {
        value <= 0 ? 1 : Int64(pow(10, (log10(value) + 7).rounded(.down)))
    }
}
