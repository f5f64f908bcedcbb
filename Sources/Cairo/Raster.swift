/// An image of pixels, the first row at the top; transparent where nothing was set.
public struct Raster: Sendable {
    public let width: Int
    public let height: Int

    /// Red, green, blue and opacity of each pixel as Cairo has them: 0xAARRGGBB, row-major.
    private(set) var pixels: [UInt32]

    public init(width: Int, height: Int) {
        precondition(width > 0 && height > 0, "an image has pixels")
        self.width = width
        self.height = height
        pixels = Array(repeating: 0, count: width * height)
    }

    /// Fills the pixels of these columns and rows with an opaque colour.
    public mutating func fill(columns: Range<Int>, rows: Range<Int>, _ color: Color) {
        let (red, green, blue) = color.bytes
        let pixel = 0xff00_0000 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
        for row in rows {
            for i in row * width + columns.lowerBound..<row * width + columns.upperBound { pixels[i] = pixel }
        }
    }

    /// The pixel at this place as 0xAARRGGBB.
    public subscript(column: Int, row: Int) -> UInt32 { pixels[row * width + column] }
}
