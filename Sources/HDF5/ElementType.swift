internal import CHDF5

/// The type of one element of a dataset or attribute. In the file it is little-endian on every machine.
public enum ElementType: String, Sendable, CaseIterable {
    /// A number.
    case int8, uint8, int16, int32, int64, float32, float64
    /// One byte of UTF-8 text; netCDF's `char`.
    case character

    /// The size in bytes.
    public var size: Int {
        switch self {
        case .int8, .uint8, .character: 1
        case .int16: 2
        case .int32, .float32: 4
        case .int64, .float64: 8
        }
    }

    /// The type in memory.
    var native: hid_t {
        switch self {
        case .int8: hdf5_native_int8()
        case .uint8: hdf5_native_uint8()
        case .int16: hdf5_native_int16()
        case .int32: hdf5_native_int32()
        case .int64: hdf5_native_int64()
        case .float32: hdf5_native_float()
        case .float64: hdf5_native_double()
        case .character: hdf5_c_s1()
        }
    }

    /// The type in the file.
    var stored: hid_t {
        switch self {
        case .int8: hdf5_std_i8le()
        case .uint8: hdf5_std_u8le()
        case .int16: hdf5_std_i16le()
        case .int32: hdf5_std_i32le()
        case .int64: hdf5_std_i64le()
        case .float32: hdf5_ieee_f32le()
        case .float64: hdf5_ieee_f64le()
        case .character: hdf5_c_s1()
        }
    }
}

/// A Swift number that HDF5 stores as it is.
public protocol Scalar: BitwiseCopyable, Sendable {
    /// The type that it has in a file.
    static var elementType: ElementType { get }
}

extension Int8: Scalar {
    /// The type that it has in a file.
    public static var elementType: ElementType { .int8 }
}

extension UInt8: Scalar {
    /// The type that it has in a file.
    public static var elementType: ElementType { .uint8 }
}

extension Int16: Scalar {
    /// The type that it has in a file.
    public static var elementType: ElementType { .int16 }
}

extension Int32: Scalar {
    /// The type that it has in a file.
    public static var elementType: ElementType { .int32 }
}

extension Int64: Scalar {
    /// The type that it has in a file.
    public static var elementType: ElementType { .int64 }
}

extension Float: Scalar {
    /// The type that it has in a file.
    public static var elementType: ElementType { .float32 }
}

extension Double: Scalar {
    /// The type that it has in a file.
    public static var elementType: ElementType { .float64 }
}
