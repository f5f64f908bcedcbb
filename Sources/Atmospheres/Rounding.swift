internal import Glibc

extension Double {
    /// The value rounded to 12 significant decimal digits.
    ///
    /// Values that different arithmetic reaches for the same number become equal: 0.1 * 3 and 0.3, for example. 0 stays
    /// 0, and values that are not finite stay as they are.
    package var roundedTo12Digits: Double {
        guard isFinite, self != 0 else { return self == 0 ? 0 : self }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { text in
            guard let start = text.baseAddress else { return self }
            _ = withVaList([self]) { vsnprintf(start, text.count, "%.11e", $0) }
            return Double(String(cString: start)) ?? self
        }
    }
}
