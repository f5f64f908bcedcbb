import CCairo
import Cairo
import Foundation
import TestSupport
import Testing

/// The pixels of a PNG file.
private struct Picture {
    let width: Int
    let height: Int
    /// `0xRRGGBB`, row-major.
    private let pixels: [UInt32]

    init(png path: String) throws {
        let surface = cairo_image_surface_create_from_png(path)
        defer { cairo_surface_destroy(surface) }
        try #require(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, "\(path) is not a PNG file")
        let (width, height) = (
            Int(cairo_image_surface_get_width(surface)), Int(cairo_image_surface_get_height(surface))
        )
        let stride = Int(cairo_image_surface_get_stride(surface))
        let bytes = UnsafeRawPointer(try #require(cairo_image_surface_get_data(surface)))
        pixels = (0..<height).flatMap { y in
            (0..<width).map { x in bytes.load(fromByteOffset: y * stride + x * 4, as: UInt32.self) & 0xff_ffff }
        }
        (self.width, self.height) = (width, height)
    }

    subscript(x: Int, y: Int) -> UInt32 { pixels[y * width + x] }

    /// The number of pixels in these columns that are not white.
    func inked(columns: Range<Int>) -> Int {
        (0..<height).reduce(0) { count, y in count + columns.count { self[$0, y] != 0xff_ffff } }
    }
}

@Suite struct CanvasTests {
    /// Draws a PNG picture with one pixel per point and reads it back.
    private func draw(
        width: Double = 100, height: Double = 50, resolution: Double = 72, _ draw: (borrowing Canvas) -> Void
    ) throws -> Picture {
        let scratch = try Scratch()
        let path = scratch.path("a.png")
        let canvas = try Canvas(.png, at: path, width: width, height: height, resolution: resolution)
        draw(canvas)
        try canvas.finish()
        return try Picture(png: path)
    }

    @Test("A PNG picture has the size of the canvas at its resolution, rounded up, and is white")
    func size() throws {
        let picture = try draw(width: 100, height: 50.2, resolution: 144) { canvas in
            #expect(canvas.pixelsPerPoint == 2 && canvas.width == 100 && canvas.height == 50.2)
        }
        #expect(picture.width == 200 && picture.height == 101)
        #expect(picture.inked(columns: 0..<200) == 0)
    }

    @Test("Shapes have their colour and position, and opacity mixes with what is below")
    func shapes() throws {
        let picture = try draw { canvas in
            canvas.rectangle(10, 10, 20, 20, .fill(Color(hex: 0x0072b2)))
            canvas.circle(60, 25, radius: 10, .fill(Color(hex: 0xe69f00)))
            canvas.line([(0, 45), (100, 45)], .stroke(.black, width: 2))
            canvas.line([(80, 5), (95, 5), (95, 20), (80, 20)], closed: true, .fill(Color(1, 0, 0, opacity: 0.5)))
        }
        #expect(picture[20, 20] == 0x0072b2 && picture[10, 10] == 0x0072b2)
        #expect(picture[9, 20] == 0xff_ffff && picture[30, 20] == 0xff_ffff)
        #expect(picture[60, 25] == 0xe69f00 && picture[68, 33] == 0xff_ffff, "a circle leaves the corners of its box")
        #expect(picture[50, 44] == 0 && picture[50, 45] == 0 && picture[50, 47] == 0xff_ffff)
        #expect([0xff7f7f, 0xff8080].contains(picture[87, 12]))
    }

    @Test("An image is scaled without smoothing, and its unset pixels are transparent")
    func image() throws {
        var raster = Raster(width: 3, height: 1)
        raster.fill(columns: 0..<1, rows: 0..<1, Color(hex: 0xff0000))
        raster.fill(columns: 1..<2, rows: 0..<1, Color(hex: 0x0000ff))
        let picture = try draw { canvas in
            canvas.rectangle(0, 0, 100, 50, .fill(Color(hex: 0x00ff00)))
            canvas.image(raster, 10, 10, 60, 30)
        }
        #expect(picture[10, 10] == 0xff0000 && picture[29, 39] == 0xff0000)
        #expect(picture[30, 10] == 0x0000ff && picture[49, 39] == 0x0000ff)
        #expect(picture[50, 10] == 0x00ff00 && picture[9, 10] == 0x00ff00)
    }

    @Test("Text is drawn on the side of its anchor", arguments: [Canvas.Anchor.left, .center, .right])
    func text(anchor: Canvas.Anchor) throws {
        let picture = try draw { $0.text("MMM", 50, 30, size: 12, anchor: anchor) }
        let (before, after) = (picture.inked(columns: 0..<50), picture.inked(columns: 50..<100))
        switch anchor {
        case .left: #expect(before == 0 && after > 50)
        case .center: #expect(before > 25 && after > 25)
        case .right: #expect(before > 50 && after == 0)
        }
    }

    @Test("Text that reads upward is as high as it would be wide")
    func upward() throws {
        let picture = try draw(width: 50, height: 100) { $0.text("MMMMM", 25, 90, size: 12, upward: true) }
        #expect(picture.inked(columns: 0..<12) == 0 && picture.inked(columns: 12..<26) > 50)
        #expect(picture.inked(columns: 26..<50) == 0)
    }

    @Test("The width of a text grows with its length, its size and its weight")
    func width() throws {
        _ = try draw { canvas in
            let width = canvas.width(of: "stable", size: 10)
            #expect(width > 20 && width < 60)
            #expect(abs(canvas.width(of: "stable", size: 20) - 2 * width) < 3)
            #expect(canvas.width(of: "stable stable", size: 10) > 2 * width)
            #expect(canvas.width(of: "stable", size: 10, bold: true) > width)
            #expect(canvas.width(of: "", size: 10) == 0)
        }
    }

    @Test("Vector formats write a complete document of the canvas's size")
    func vectors() throws {
        let scratch = try Scratch()
        var documents: [Canvas.FileFormat: String] = [:]
        for format in [Canvas.FileFormat.svg, .pdf] {
            let path = scratch.path("a.\(format)")
            let canvas = try Canvas(format, at: path, width: 144, height: 72)
            canvas.circle(30, 30, radius: 10, .fill(.black))
            try canvas.finish()
            documents[format] = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        }
        let svg = try #require(documents[.svg])
        #expect(svg.contains("width=\"144") && svg.contains("<path") && svg.hasSuffix("</svg>\n"))
        let pdf = try #require(documents[.pdf])
        #expect(pdf.hasPrefix("%PDF-") && pdf.contains("144") && pdf.contains("%%EOF"))
    }

    @Test("A path that cannot be written is an error that names it", arguments: Canvas.FileFormat.allCases)
    func unwritable(format: Canvas.FileFormat) throws {
        let scratch = try Scratch()
        let path = scratch.path("missing/a.\(format)")
        let error = #expect(throws: CairoError.self) {
            let canvas = try Canvas(format, at: path, width: 10, height: 10)
            try canvas.finish()
        }
        #expect(error?.action.hasSuffix(path) == true && error?.reason.isEmpty == false)
        #expect(error.map { "\($0)" } == error.map { "\($0.action): \($0.reason)" })
    }
}
