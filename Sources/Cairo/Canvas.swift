internal import CCairo

/// A picture that is drawn into a file.
///
/// Lengths are in points (1/72 inch), the origin is the top left corner, and y increases downwards.
public struct Canvas: ~Copyable {
    /// The file format of a picture. The raw value is the file name extension.
    public enum FileFormat: String, Sendable, CaseIterable {
        /// Portable Network Graphics: pixels.
        case png
        /// Scalable Vector Graphics.
        case svg
        /// Portable Document Format: vector graphics.
        case pdf
    }

    /// How a path is painted.
    public enum Painting: Sendable {
        /// Fills the interior.
        case fill(Color)
        /// Strokes the outline; `width` is in points.
        case stroke(Color, width: Double)
    }

    /// The format of the file.
    public let format: FileFormat
    /// The width in points.
    public let width: Double
    /// The height in points.
    public let height: Double

    /// The number of pixels per point; 1 for vector formats.
    public let pixelsPerPoint: Double

    private let surface: OpaquePointer
    private let context: OpaquePointer
    private let path: String

    /// Creates a white picture.
    ///
    /// - Parameters:
    ///   - format: the format of the file.
    ///   - path: the file, which is overwritten. Vector formats write it while drawing, PNG in ``finish()``.
    ///   - width: in points.
    ///   - height: in points.
    ///   - resolution: pixels per inch; used for PNG only.
    /// - Throws: ``CairoError`` when the picture cannot be created.
    public init(
        _ format: FileFormat, at path: String, width: Double, height: Double, resolution: Double = 300
    ) throws(CairoError) {
        let scale = format == .png ? resolution / 72 : 1
        let made: OpaquePointer? =
            switch format {
            case .png:
                cairo_image_surface_create(
                    CAIRO_FORMAT_RGB24, Int32((width * scale).rounded(.up)), Int32((height * scale).rounded(.up)))
            case .svg: cairo_svg_surface_create(path, width, height)
            case .pdf: cairo_pdf_surface_create(path, width, height)
            }
        guard let made else { throw CairoError(action: "creating \(path)", reason: "out of memory") }
        do throws(CairoError) {
            try check(cairo_surface_status(made), "creating \(path)")
        } catch {
            cairo_surface_destroy(made)
            throw error
        }
        guard let drawing = cairo_create(made) else {
            cairo_surface_destroy(made)
            throw CairoError(action: "drawing \(path)", reason: "out of memory")
        }
        self.format = format
        self.width = width
        self.height = height
        self.path = path
        pixelsPerPoint = scale
        surface = made
        context = drawing
        cairo_set_source_rgb(context, 1, 1, 1)
        cairo_paint(context)
        cairo_scale(context, scale, scale)
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    /// Writes the picture to its file.
    ///
    /// - Throws: ``CairoError`` for the first error since the canvas was created, in drawing or in writing.
    public consuming func finish() throws(CairoError) {
        try check(cairo_status(context), "drawing \(path)")
        if format == .png { try check(cairo_surface_write_to_png(surface, path), "writing \(path)") }
        cairo_surface_finish(surface)
        try check(cairo_surface_status(surface), "writing \(path)")
    }

    // MARK: Lines and areas

    /// Draws a polyline.
    ///
    /// - Parameters:
    ///   - points: the corners, in points of length.
    ///   - closed: whether the last corner is joined to the first.
    ///   - painting: how it is painted.
    public func line(_ points: [(x: Double, y: Double)], closed: Bool = false, _ painting: Painting) {
        guard let first = points.first else { return }
        cairo_new_path(context)
        cairo_move_to(context, first.x, first.y)
        for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
        if closed { cairo_close_path(context) }
        paint(painting)
    }

    /// Draws a rectangle.
    ///
    /// - Parameters:
    ///   - x: the left side.
    ///   - y: the top.
    ///   - width: in points.
    ///   - height: in points.
    ///   - painting: how it is painted.
    public func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ painting: Painting) {
        cairo_new_path(context)
        cairo_rectangle(context, x, y, width, height)
        paint(painting)
    }

    /// Draws a circle.
    ///
    /// - Parameters:
    ///   - x: the centre.
    ///   - y: the centre.
    ///   - radius: in points.
    ///   - painting: how it is painted.
    public func circle(_ x: Double, _ y: Double, radius: Double, _ painting: Painting) {
        cairo_new_path(context)
        cairo_arc(context, x, y, radius, 0, 2 * Double.pi)
        paint(painting)
    }

    private func paint(_ painting: Painting) {
        switch painting {
        case .fill(let color):
            cairo_set_source_rgba(context, color.red, color.green, color.blue, color.opacity)
            cairo_fill(context)
        case .stroke(let color, let width):
            cairo_set_source_rgba(context, color.red, color.green, color.blue, color.opacity)
            cairo_set_line_width(context, width)
            cairo_stroke(context)
        }
    }

    // MARK: Images

    /// Draws an image scaled to a rectangle, without smoothing: each pixel becomes a rectangle of one colour.
    ///
    /// - Parameters:
    ///   - raster: the image.
    ///   - x: the left side of the rectangle.
    ///   - y: the top of the rectangle.
    ///   - width: in points.
    ///   - height: in points.
    public func image(_ raster: Raster, _ x: Double, _ y: Double, _ width: Double, _ height: Double) {
        let image = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(raster.width), Int32(raster.height))
        defer { cairo_surface_destroy(image) }
        guard let bytes = cairo_image_surface_get_data(image) else { return }
        let rowBytes = Int(cairo_image_surface_get_stride(image))
        raster.pixels.withUnsafeBytes { pixels in
            for row in 0..<raster.height {
                let line = UnsafeMutableRawBufferPointer(start: bytes + row * rowBytes, count: raster.width * 4)
                line.copyMemory(from: .init(rebasing: pixels[row * raster.width * 4..<(row + 1) * raster.width * 4]))
            }
        }
        cairo_surface_mark_dirty(image)
        cairo_save(context)
        cairo_translate(context, x, y)
        cairo_scale(context, width / Double(raster.width), height / Double(raster.height))
        cairo_set_source_surface(context, image, 0, 0)
        cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
        cairo_paint(context)
        cairo_restore(context)
    }

    // MARK: Text

    /// The part of a text that is placed at its reference point.
    public enum Anchor: Sendable {
        /// The start of the text.
        case left
        /// The middle of the text.
        case center
        /// The end of the text.
        case right
    }

    /// Measures one line of text.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - size: the font size in points.
    ///   - bold: whether the font is bold.
    /// - Returns: the width in points.
    public func width(of text: String, size: Double, bold: Bool = false) -> Double {
        font(size, bold)
        var extents = cairo_text_extents_t()
        cairo_text_extents(context, text, &extents)
        return extents.x_advance
    }

    /// Draws one line of text in the font DejaVu Sans.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - x: the reference point.
    ///   - y: the baseline.
    ///   - size: the font size in points.
    ///   - bold: whether the font is bold.
    ///   - anchor: the part of the text that is placed at (x, y).
    ///   - upward: whether the text is rotated by 90° to read from bottom to top.
    ///   - color: the colour.
    public func text(
        _ text: String, _ x: Double, _ y: Double, size: Double, bold: Bool = false, anchor: Anchor = .left,
        upward: Bool = false, _ color: Color = .black
    ) {
        let width = anchor == .left ? 0 : width(of: text, size: size, bold: bold)
        font(size, bold)
        cairo_set_source_rgba(context, color.red, color.green, color.blue, color.opacity)
        cairo_save(context)
        cairo_translate(context, x, y)
        if upward { cairo_rotate(context, -Double.pi / 2) }
        cairo_move_to(context, anchor == .left ? 0 : anchor == .center ? -width / 2 : -width, 0)
        cairo_show_text(context, text)
        cairo_restore(context)
    }

    private func font(_ size: Double, _ bold: Bool) {
        cairo_select_font_face(
            context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
        cairo_set_font_size(context, size)
    }
}
