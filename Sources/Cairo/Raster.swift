/// An image of pixels with the first row at the top. Pixels that were never set are transparent.
public struct Raster: Sendable {
    /// The number of columns.
    public let width: Int
    /// The number of rows.
    public let height: Int

    /// The pixels in Cairo's format ARGB32, `0xAARRGGBB`, row-major.
    private(set) var pixels: [UInt32]

    /// Creates a transparent image.
    ///
    /// - Parameters:
    ///   - width: the number of columns, at least 1.
    ///   - height: the number of rows, at least 1.
    public init(width: Int, height: Int) {
        precondition(width > 0 && height > 0, "an image needs at least one pixel")
        self.width = width
        self.height = height
        pixels = Array(repeating: 0, count: width * height)
    }

    /// Fills a rectangle of pixels with an opaque colour.
    ///
    /// - Parameters:
    ///   - columns: the columns to fill.
    ///   - rows: the rows to fill, counted from the top.
    ///   - color: the colour; its opacity is ignored.
    public mutating func fill(columns: Range<Int>, rows: Range<Int>, _ color: Color) {
        let (red, green, blue) = color.bytes
        let pixel = 0xff00_0000 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
        for row in rows {
            for i in row * width + columns.lowerBound..<row * width + columns.upperBound { pixels[i] = pixel }
        }
    }

    /// The pixel in a column and a row, as `0xAARRGGBB`.
    public subscript(column: Int, row: Int) -> UInt32 { pixels[row * width + column] }
}
