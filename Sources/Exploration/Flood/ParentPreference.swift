/// The order among possible parents of a point: the nearer one first, and of two at the same distance the one with the
/// smaller key.
struct ParentPreference: Comparable {
    let distance: Double
    let key: UInt64

    static func < (a: ParentPreference, b: ParentPreference) -> Bool {
        a.distance != b.distance ? a.distance < b.distance : a.key < b.key
    }
}
