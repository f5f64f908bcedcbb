internal import Cairo

/// The positions and sizes of everything on a picture of a map. Lengths are in points (1/72 inch), y increases downwards.
struct MapLayout {
    /// An entry of the legend, with the centre of its mark; the text follows the mark.
    struct LegendEntry {
        var item: MapPicture.LegendItem
        var x: Double
        var y: Double
    }

    /// The font size of labels.
    let base: Double
    let width: Double
    let margin: Double
    private let pixelsPerPoint: Double
    private(set) var height = 0.0
    private(set) var titleLines: [String] = []
    private(set) var noteLines: [String] = []
    private(set) var xLabel: [String] = []
    private(set) var yLabel: [String] = []
    private(set) var shadeLabel: [String] = []
    /// The frame of the plot.
    private(set) var left = 0.0
    private(set) var top = 0.0
    private(set) var plotWidth = 0.0
    private(set) var plotHeight = 0.0
    private(set) var xTicks: [AxisScale.Tick] = []
    private(set) var yTicks: [AxisScale.Tick] = []
    /// The ticks of the colour scale, whose offsets go from 0 at the bottom to 1.
    private(set) var shadeTicks: [AxisScale.Tick] = []
    private(set) var shadeWidth = 0.0
    private(set) var legend: [LegendEntry] = []

    var titleSize: Double { base * 1.1 }
    var noteSize: Double { base * 0.92 }
    var smallSize: Double { base * 0.85 }
    var bottom: Double { top + plotHeight }
    var right: Double { left + plotWidth }

    /// Lays out a picture.
    ///
    /// - Parameters:
    ///   - picture: the picture.
    ///   - millimetres: the width of the picture.
    ///   - pixelsPerPoint: the resolution; the frame of the plot is aligned to whole pixels.
    ///   - canvas: measures texts.
    /// - Returns: the layout.
    static func make(
        _ picture: MapPicture, width millimetres: Double, pixelsPerPoint: Double, _ canvas: borrowing Canvas
    ) -> MapLayout {
        var layout = MapLayout(width: millimetres, pixelsPerPoint: pixelsPerPoint)
        layout.wrapTitle(picture.map, canvas)
        layout.placePlot(picture, canvas)
        layout.placeLegend(picture.legendItems, canvas)
        return layout
    }

    private init(width millimetres: Double, pixelsPerPoint: Double) {
        width = millimetres / 25.4 * 72
        // Letters do not grow beyond a width of 120 mm. Such a picture, printed in a column of 85 mm, then equals one made
        // for the column: its letters have 7 points, the least that journals accept.
        base = min(millimetres, 120) / 120 * 9.9
        margin = base * 0.7
        self.pixelsPerPoint = pixelsPerPoint
    }

    /// Breaks the title and the notes into lines.
    private mutating func wrapTitle(_ map: StabilityMap, _ canvas: borrowing Canvas) {
        let room = width - 2 * margin
        titleLines = Self.wrap(map.title.withSubscripts, room, 3) { canvas.width(of: $0, size: titleSize, bold: true) }
        noteLines = map.selection.flatMap { phrase in
            Self.wrap(phrase.withSubscripts.withPowers, room, 3) { canvas.width(of: $0, size: noteSize) }
        }
    }

    /// Places the plot with its axes and its colour scale.
    private mutating func placePlot(_ picture: MapPicture, _ canvas: borrowing Canvas) {
        let (map, base) = (picture.map, self.base)
        func widest(_ ticks: [AxisScale.Tick]) -> Double {
            ticks.map { canvas.width(of: $0.label ?? "", size: base) }.max() ?? 0
        }
        func label(_ name: String, _ unit: String, _ room: Double) -> [String] {
            Self.wrap(name.labelled(with: unit), room, 2) { canvas.width(of: $0, size: base) }
        }
        // The height of the plot does not depend on the labels, so the ticks can be chosen first.
        plotHeight = snap(width * 0.56)
        let mostTicks = max(2, Int(plotHeight / (base * 2.4)))
        yLabel = label(map.y.longName, map.y.unit, plotHeight)
        yTicks = picture.yScale.ticks(most: mostTicks)
        left = snap(margin + base * (0.2 + 1.3 * Double(yLabel.count)) + widest(yTicks) + base * 0.7)
        var shadeRoom = 0.0
        if let shade = map.shade {
            shadeLabel = label(shade.longName, shade.unit, plotHeight)
            shadeTicks = picture.shadeTicks(most: mostTicks)
            shadeWidth = base * 1.1
            shadeRoom =
                base * 0.8 + shadeWidth + base * 0.6 + widest(shadeTicks)
                + base * (0.4 + 1.3 * Double(shadeLabel.count))
        }
        plotWidth = snap(width - left - margin - base * 0.5 - shadeRoom)
        let labelWidth = max(widest(picture.xScale.ticks(most: 8)), base)
        xTicks = picture.xScale.ticks(most: max(2, Int(plotWidth / (labelWidth + base))))
        xTicks = Self.thin(xTicks, plotWidth, gap: base * 0.6) { canvas.width(of: $0, size: base) }
        yTicks = Self.thin(yTicks, plotHeight, gap: base * 0.2) { _ in base * 1.1 }
        xLabel = label(map.x.longName, map.x.unit, plotWidth)
        top = snap(
            margin + Double(titleLines.count) * base * 1.45 + Double(noteLines.count) * base * 1.25 + base * 0.5)
    }

    /// Places the legend below the plot, in as many lines as it needs, and closes the picture below it.
    private mutating func placeLegend(_ items: [MapPicture.LegendItem], _ canvas: borrowing Canvas) {
        var x = margin
        var y = bottom + base * (2.3 + 1.3 * Double(xLabel.count)) + base * 0.9
        for item in items {
            let long = (item.hasMark ? base * 1.3 : 0) + canvas.width(of: item.text, size: base)
            if x > margin, x + long > width - margin {
                x = margin
                y += base * 1.55
            }
            legend.append(LegendEntry(item: item, x: x + base * 0.5, y: y))
            x += long + base
        }
        height = y + base * 1.5 + base * 0.6 + margin * 0.6
    }

    /// Removes labels that would touch the one before.
    ///
    /// - Parameters:
    ///   - ticks: the ticks, ascending.
    ///   - length: the length of the axis.
    ///   - gap: the least distance between two labels.
    ///   - size: measures a label along the axis.
    /// - Returns: the same ticks, some of them without their label.
    private static func thin(
        _ ticks: [AxisScale.Tick], _ length: Double, gap: Double, _ size: (String) -> Double
    ) -> [AxisScale.Tick] {
        var free = -Double.infinity
        return ticks.map { tick in
            guard let label = tick.label else { return tick }
            let (center, half) = (tick.offset * length, size(label) / 2)
            guard center - half >= free else { return .init(offset: tick.offset, label: nil) }
            free = center + half + gap
            return tick
        }
    }

    /// Breaks a text between words into lines.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - room: the width of a line.
    ///   - most: the largest number of lines; a longer text is cut off with an ellipsis.
    ///   - width: measures a text.
    /// - Returns: the lines.
    static func wrap(_ text: String, _ room: Double, _ most: Int, _ width: (String) -> Double) -> [String] {
        var lines: [String] = []
        var line = ""
        var words = text.split(separator: " ").map(String.init)[...]
        while let word = words.popFirst() {
            let longer = line.isEmpty ? word : line + " " + word
            if line.isEmpty || width(longer) <= room {
                line = longer
            } else if lines.count == most - 1 {
                line += " …"
                words = []
            } else {
                lines.append(line)
                line = word
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines.map { line in
            var line = line
            while width(line) > room, line.count > 2 { line = String(line.dropLast(2)) + "…" }
            return line
        }
    }

    /// Rounds a length to whole pixels.
    private func snap(_ length: Double) -> Double { (length * pixelsPerPoint).rounded() / pixelsPerPoint }
}
