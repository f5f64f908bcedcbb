internal import Atmospheres
public import Cairo
internal import Foundation

/// A map as a picture of print quality.
///
/// Each cell is a mark whose shape shows the outcome, or a filled rectangle where marks would touch.
public struct MapPicture: Sendable {
    /// The scale of the axes that the user asks for.
    public enum ScaleChoice: String, Sendable, CaseIterable {
        /// Logarithmic or linear, whichever spaces the values more evenly.
        case auto
        /// Logarithmic.
        case log
        /// Linear.
        case linear
    }

    /// An entry of the legend.
    struct LegendItem {
        enum Mark {
            case outcome(Outcome)
            case inferred(isStable: Bool)
            case origin
            case unexplored
        }

        var mark: Mark
        var text: String

        /// Whether a mark precedes the text.
        var hasMark: Bool { if case .unexplored = mark { false } else { true } }
    }

    let map: StabilityMap
    let xScale: AxisScale
    let yScale: AxisScale
    private let footer: String

    /// Creates a picture.
    ///
    /// - Parameters:
    ///   - map: the map.
    ///   - footer: the start of the small line at the bottom: the name of the file.
    ///   - scale: the scale of both axes.
    public init(_ map: StabilityMap, footer: String, scale: ScaleChoice = .auto) {
        let transform = AxisScale.Transform(rawValue: scale.rawValue)
        self.map = map
        xScale = AxisScale(map.x.values, transform)
        yScale = AxisScale(map.y.values, transform)
        self.footer = footer
    }

    /// Draws the picture into a file.
    ///
    /// - Parameters:
    ///   - format: the format of the file.
    ///   - path: the file, which is overwritten.
    ///   - width: the width in mm. The height follows from the contents.
    /// - Throws: `CairoError` when the file cannot be written.
    public func draw(_ format: Canvas.FileFormat, at path: String, width: Double) throws(CairoError) {
        // The height depends on the texts, which only a canvas can measure: this one is discarded.
        let ruler = try Canvas(.png, at: path, width: 10, height: 10)
        let pixelsPerPoint = ruler.pixelsPerPoint
        let layout = MapLayout.make(self, width: width, pixelsPerPoint: pixelsPerPoint, ruler)
        let canvas = try Canvas(format, at: path, width: layout.width, height: layout.height)
        drawTitle(layout, canvas)
        if let size = markSize(layout) {
            drawMarks(layout, size, canvas)
        } else {
            let raster = cells(
                Int((layout.plotWidth * pixelsPerPoint).rounded()), Int((layout.plotHeight * pixelsPerPoint).rounded()),
                least: max(1, Int((layout.base * 0.09 * pixelsPerPoint).rounded())))
            canvas.image(raster, layout.left, layout.top, layout.plotWidth, layout.plotHeight)
        }
        drawAxes(layout, canvas)
        drawOrigin(layout, canvas)
        drawShade(layout, canvas)
        drawLegend(layout, canvas)
        try canvas.finish()
    }

    // MARK: Contents

    var legendItems: [LegendItem] {
        var items = map.cellCounts.map { outcome, count in
            let name = outcome.name.replacingOccurrences(of: "_", with: " ")
            return LegendItem(mark: .outcome(outcome), text: "\(name) \(count.grouped)")
        }
        let inferred = map.inferredCounts
        if inferred.stable > 0 {
            items.append(.init(mark: .inferred(isStable: true), text: "inferred stable \(inferred.stable.grouped)"))
        }
        if inferred.other > 0 {
            items.append(.init(mark: .inferred(isStable: false), text: "inferred not stable \(inferred.other.grouped)"))
        }
        if isOriginShown { items.append(.init(mark: .origin, text: "origin")) }
        items.append(.init(mark: .unexplored, text: map.inferred.isEmpty ? "blank: not explored" : "blank: not known"))
        return items
    }

    private var isOriginShown: Bool { map.showsOrigin && map.x.origin != nil && map.y.origin != nil }

    func shadeTicks(most: Int) -> [AxisScale.Tick] {
        guard let range = map.shade?.range else { return [] }
        let span = range.upperBound - range.lowerBound
        return AxisScale.linear(range, most).map { value, label in
            .init(offset: span > 0 ? (value - range.lowerBound) / span : 0.5, label: label)
        }
    }

    private func color(_ cell: Int) -> Color {
        let outcome = map.outcomes[cell]
        guard let shade = map.shade else { return Palette.color(of: outcome) }
        guard outcome == .stable, let range = shade.range, map.values[cell].isFinite else {
            return Palette.mutedColor(of: outcome)
        }
        let span = range.upperBound - range.lowerBound
        return Palette.viridis(span > 0 ? (map.values[cell] - range.lowerBound) / span : 0.5)
    }

    // MARK: Points

    /// Returns the diameter of a mark; `nil` when marks would touch.
    private func markSize(_ layout: MapLayout) -> Double? {
        let room = min(xScale.leastStep * layout.plotWidth, yScale.leastStep * layout.plotHeight)
        return room >= layout.base * 0.33 ? min(room * 0.72, layout.base * 0.75) : nil
    }

    private func drawMarks(_ layout: MapLayout, _ size: Double, _ canvas: borrowing Canvas) {
        for (row, y) in yScale.offsets.enumerated() {
            for (column, x) in xScale.offsets.enumerated() {
                let cell = row * map.x.values.count + column
                if !map.inferred.isEmpty, let isStable = map.inferred[cell] {
                    let (x, y) = (layout.left + x * layout.plotWidth, layout.bottom - y * layout.plotHeight)
                    Self.inferredMark(isStable, x, y, size, canvas)
                }
                guard map.outcomes[cell] != .pending else { continue }
                Self.mark(
                    map.outcomes[cell], layout.left + x * layout.plotWidth, layout.bottom - y * layout.plotHeight,
                    size, map.shade != nil && map.outcomes[cell] != .stable ? Color(hex: 0x707070) : color(cell),
                    canvas)
            }
        }
    }

    /// Draws a pale square, the mark of a cell that was inferred and not evaluated.
    private static func inferredMark(
        _ isStable: Bool, _ x: Double, _ y: Double, _ size: Double, _ canvas: borrowing Canvas
    ) {
        canvas.rectangle(
            x - size / 2, y - size / 2, size, size, .fill(Palette.color(inferredStable: isStable)))
    }

    /// Draws a mark whose shape shows the outcome.
    private static func mark(
        _ outcome: Outcome, _ x: Double, _ y: Double, _ size: Double, _ color: Color, _ canvas: borrowing Canvas
    ) {
        let (half, line) = (size / 2, max(size * 0.2, 0.3))
        switch outcome {
        case .stable: canvas.circle(x, y, radius: half, .fill(color))
        case .unstable:
            canvas.line([(x - half, y - half), (x + half, y + half)], .stroke(color, width: line * 1.3))
            canvas.line([(x - half, y + half), (x + half, y - half)], .stroke(color, width: line * 1.3))
        case .notConverged:
            canvas.line(
                [(x, y - half), (x + half, y + half * 0.8), (x - half, y + half * 0.8)], closed: true, .fill(color))
        case .failed:
            canvas.rectangle(x - half * 0.8, y - half * 0.8, size * 0.8, size * 0.8, .stroke(color, width: line))
        case .pending: break
        }
    }

    /// Returns the cells as an image.
    ///
    /// Cells that are not stable are drawn over stable ones and at least `least` pixels wide and high, so that the
    /// boundary of the stable region stays visible in a dense map.
    ///
    /// - Parameters:
    ///   - width: the width of the image in pixels.
    ///   - height: the height of the image in pixels.
    ///   - least: the smallest size, in pixels, of a cell that is not stable.
    /// - Returns: the image; what was not explored is transparent.
    func cells(_ width: Int, _ height: Int, least: Int) -> Raster {
        func pixels(_ scale: AxisScale, _ length: Int, _ least: Int) -> [Range<Int>] {
            scale.offsets.indices.map { index in
                let first = Int((scale.edges[index] * Double(length)).rounded())
                let end = Int((scale.end(ofCell: index) * Double(length)).rounded())
                let missing = max(0, least - (end - first))
                let start = min(max(0, first - missing / 2), length - least)
                return start..<min(max(start + least, end), length)
            }
        }
        var raster = Raster(width: width, height: height)
        if !map.inferred.isEmpty {
            let (columns, rows) = (pixels(xScale, width, 1), pixels(yScale, height, 1))
            for (row, range) in rows.enumerated() {
                for column in columns.indices {
                    guard let isStable = map.inferred[row * columns.count + column] else { continue }
                    raster.fill(
                        columns: columns[column], rows: height - range.upperBound..<height - range.lowerBound,
                        Palette.color(inferredStable: isStable))
                }
            }
        }
        for layer in Outcome.allCases where layer != .pending {
            let least = layer == .stable ? 1 : min(least, width, height)
            let (columns, rows) = (pixels(xScale, width, least), pixels(yScale, height, least))
            for (row, range) in rows.enumerated() {
                let flipped = height - range.upperBound..<height - range.lowerBound
                for column in columns.indices {
                    let cell = row * columns.count + column
                    guard map.outcomes[cell] == layer else { continue }
                    raster.fill(columns: columns[column], rows: flipped, color(cell))
                }
            }
        }
        return raster
    }

    private func drawOrigin(_ layout: MapLayout, _ canvas: borrowing Canvas) {
        guard isOriginShown, let x = map.x.origin, let y = map.y.origin else { return }
        Self.star(
            layout.left + xScale.offsets[x] * layout.plotWidth,
            layout.bottom - yScale.offsets[y] * layout.plotHeight, layout.base * 0.75, canvas)
    }

    private static func star(_ x: Double, _ y: Double, _ radius: Double, _ canvas: borrowing Canvas) {
        let corners = (0..<10).map { corner in
            let angle = Double(corner) * .pi / 5
            let distance = corner.isMultiple(of: 2) ? radius : radius * 0.42
            return (x: x + distance * sin(angle), y: y - distance * cos(angle))
        }
        canvas.line(corners, closed: true, .fill(Palette.origin))
        canvas.line(corners, closed: true, .stroke(.black, width: radius * 0.13))
    }

    // MARK: Around the points

    private static let grey = Color(hex: 0x404040)

    private func drawTitle(_ layout: MapLayout, _ canvas: borrowing Canvas) {
        var y = layout.margin
        for line in layout.titleLines {
            y += layout.base * 1.45
            canvas.text(line, layout.margin, y - layout.base * 0.4, size: layout.titleSize, bold: true)
        }
        for line in layout.noteLines {
            y += layout.base * 1.25
            canvas.text(line, layout.margin, y - layout.base * 0.3, size: layout.noteSize, Self.grey)
        }
    }

    private func drawAxes(_ layout: MapLayout, _ canvas: borrowing Canvas) {
        let (base, line) = (layout.base, layout.base * 0.07)
        canvas.rectangle(
            layout.left, layout.top, layout.plotWidth, layout.plotHeight, .stroke(.black, width: line))
        for tick in layout.xTicks {
            let x = layout.left + tick.offset * layout.plotWidth
            let length = base * (tick.label == nil ? 0.22 : 0.4)
            canvas.line([(x, layout.bottom), (x, layout.bottom + length)], .stroke(.black, width: line))
            guard let label = tick.label else { continue }
            canvas.text(label, x, layout.bottom + base * 1.55, size: base, anchor: .center)
        }
        for tick in layout.yTicks {
            let y = layout.bottom - tick.offset * layout.plotHeight
            let length = base * (tick.label == nil ? 0.22 : 0.4)
            canvas.line([(layout.left - length, y), (layout.left, y)], .stroke(.black, width: line))
            guard let label = tick.label else { continue }
            canvas.text(label, layout.left - base * 0.6, y + base * 0.36, size: base, anchor: .right)
        }
        if xScale.zeroShare > 0 {
            let x = layout.left + xScale.zeroShare * 0.9 * layout.plotWidth
            for y in [layout.bottom, layout.top] { breakMark(x, y, isUpright: false, base, canvas) }
        }
        if yScale.zeroShare > 0 {
            let y = layout.bottom - yScale.zeroShare * 0.9 * layout.plotHeight
            for x in [layout.left, layout.right] { breakMark(x, y, isUpright: true, base, canvas) }
        }
        for (number, text) in layout.xLabel.enumerated() {
            canvas.text(
                text, layout.left + layout.plotWidth / 2, layout.bottom + base * (3 + 1.3 * Double(number)), size: base,
                anchor: .center)
        }
        for (number, text) in layout.yLabel.enumerated() {
            canvas.text(
                text, layout.margin + base * (0.9 + 1.3 * Double(number)), layout.top + layout.plotHeight / 2,
                size: base, anchor: .center, upward: true)
        }
    }

    /// Draws two strokes across an axis, where it jumps from 0 to its logarithmic part.
    private func breakMark(
        _ x: Double, _ y: Double, isUpright: Bool, _ base: Double, _ canvas: borrowing Canvas
    ) {
        let (gap, long, line) = (base * 0.13, base * 0.3, base * 0.07)
        if isUpright {
            canvas.rectangle(x - base * 0.1, y - gap, base * 0.2, gap * 2, .fill(.white))
        } else {
            canvas.rectangle(x - gap, y - base * 0.1, gap * 2, base * 0.2, .fill(.white))
        }
        for side in [-gap, gap] {
            let (dx, dy) = isUpright ? (long, long * 0.45) : (long * 0.45, long)
            let (cx, cy) = isUpright ? (x, y + side) : (x + side, y)
            canvas.line([(cx - dx, cy + dy), (cx + dx, cy - dy)], .stroke(.black, width: line))
        }
    }

    private func drawShade(_ layout: MapLayout, _ canvas: borrowing Canvas) {
        guard map.shade?.range != nil else { return }
        let base = layout.base
        let x = layout.right + base * 0.8
        var scale = Raster(width: 1, height: 256)
        for row in 0..<256 { scale.fill(columns: 0..<1, rows: row..<row + 1, Palette.viridis(1 - Double(row) / 255)) }
        canvas.image(scale, x, layout.top, layout.shadeWidth, layout.plotHeight)
        canvas.rectangle(
            x, layout.top, layout.shadeWidth, layout.plotHeight, .stroke(.black, width: base * 0.07))
        var widest = 0.0
        for tick in layout.shadeTicks {
            let y = layout.bottom - tick.offset * layout.plotHeight
            let end = x + layout.shadeWidth
            canvas.line([(end, y), (end + base * 0.3, y)], .stroke(.black, width: base * 0.07))
            canvas.text(tick.label ?? "", end + base * 0.45, y + base * 0.36, size: base)
            widest = max(widest, canvas.width(of: tick.label ?? "", size: base))
        }
        for (number, text) in layout.shadeLabel.enumerated() {
            canvas.text(
                text, x + layout.shadeWidth + base * (0.45 + 1.35 + 1.3 * Double(number)) + widest,
                layout.top + layout.plotHeight / 2, size: base, anchor: .center, upward: true)
        }
    }

    private func drawLegend(_ layout: MapLayout, _ canvas: borrowing Canvas) {
        let base = layout.base
        let hasMarks = markSize(layout) != nil
        for entry in layout.legend {
            let size = base * 0.75
            var indent = base * 0.8
            switch entry.item.mark {
            case .outcome(let outcome):
                let isShaded = map.shade != nil
                let color =
                    !isShaded
                    ? Palette.color(of: outcome)
                    : outcome == .stable
                        ? Palette.viridis(0.5)
                        : hasMarks ? Color(hex: 0x707070) : Palette.mutedColor(of: outcome)
                if hasMarks {
                    Self.mark(outcome, entry.x, entry.y, size, color, canvas)
                } else {
                    canvas.rectangle(entry.x - size / 2, entry.y - size / 2, size, size, .fill(color))
                }
            case .inferred(let isStable): Self.inferredMark(isStable, entry.x, entry.y, size, canvas)
            case .origin: Self.star(entry.x, entry.y, size * 0.68, canvas)
            case .unexplored: indent = -base * 0.5
            }
            canvas.text(entry.item.text, entry.x + indent, entry.y + base * 0.36, size: base)
        }
        let cells = map.isProjection ? " in \(map.cellCounts.reduce(0) { $0 + $1.count }.grouped) cells" : ""
        canvas.text(
            "\(footer): \(map.pointCount.grouped) points\(cells), \(map.state)", layout.margin,
            layout.height - layout.margin * 0.9, size: layout.smallSize, Self.grey)
    }
}
