/// A colour of sRGB, its parts 0...1.
public struct Color: Sendable, Hashable {
    public var red: Double
    public var green: Double
    public var blue: Double
    public var opacity: Double

    public init(_ red: Double, _ green: Double, _ blue: Double, opacity: Double = 1) {
        self.red = red
        self.green = green
        self.blue = blue
        self.opacity = opacity
    }

    /// From the six digits of a web page: 0x0072b2.
    public init(hex: UInt32) {
        self.init(Double(hex >> 16 & 255) / 255, Double(hex >> 8 & 255) / 255, Double(hex & 255) / 255)
    }

    public static let black = Color(0, 0, 0)
    public static let white = Color(1, 1, 1)

    /// Bytes 0...255 of red, green and blue.
    public var bytes: (red: UInt8, green: UInt8, blue: UInt8) {
        func byte(_ part: Double) -> UInt8 { UInt8((min(max(part, 0), 1) * 255).rounded()) }
        return (byte(red), byte(green), byte(blue))
    }
}
