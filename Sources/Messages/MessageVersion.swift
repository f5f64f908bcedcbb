/// The version of the messages in both directions.
public enum MessageVersion {
    /// The version of this program. A change of any message raises it.
    ///
    /// A hello begins with it and is decoded the same way in every version, so that ranks of different builds recognise
    /// each other.
    public static let current: UInt16 = 5
}
