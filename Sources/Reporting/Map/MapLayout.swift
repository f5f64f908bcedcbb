internal import Cairo

/// Where everything stands on a picture of a map. Lengths are in points of 1/72 inch, y points down.
struct MapLayout {
    /// An entry of the legend and its place: the centre of its mark; the text begins after it.
    struct LegendEntry {
        var item: MapPicture.LegendItem
        var x: Double
        var y: Double
    }

    /// Size of the letters.
    let base: Double
    let width: Double
    let height: Double
    let margin: Double
    let titleLines: [String]
    let noteLines: [String]
    let xLabel: [String]
    let yLabel: [String]
    let shadeLabel: [String]
    /// The frame of the plot.
    let left: Double
    let top: Double
    let plotWidth: Double
    let plotHeight: Double
    let xTicks: [AxisScale.Tick]
    let yTicks: [AxisScale.Tick]
    /// Ticks of the colour scale: position from 0, below, to 1, and label.
    let shadeTicks: [AxisScale.Tick]
    let shadeWidth: Double
    let legend: [LegendEntry]

    var titleSize: Double { base * 1.1 }
    var noteSize: Double { base * 0.92 }
    var smallSize: Double { base * 0.85 }
    var bottom: Double { top + plotHeight }
    var right: Double { left + plotWidth }

    /// - Parameters:
    ///   - width: of the picture, mm.
    ///   - pixelsPerPoint: the frame is laid on whole pixels.
    ///   - canvas: measures texts.
    init(
        _ picture: MapPicture, width millimetres: Double, pixelsPerPoint: Double, _ canvas: borrowing Canvas
    ) {
        let map = picture.map
        let width = millimetres / 25.4 * 72
        // A picture of 120 mm that is printed in a column of 85 mm is then the one that was made for the column, with
        // letters of 7 points, the least that journals ask for.
        let base = min(millimetres, 120) / 120 * 9.9
        let margin = base * 0.7
        let room = width - 2 * margin
        let titleLines = Self.wrap(map.title.withSubscripts, room, 3) { line in
            canvas.width(of: line, size: base * 1.1, bold: true)
        }
        let noteLines = map.selection.flatMap { phrase in
            Self.wrap(phrase.withSubscripts.withPowers, room, 3) { canvas.width(of: $0, size: base * 0.92) }
        }
        func widest(_ ticks: [AxisScale.Tick]) -> Double {
            ticks.map { canvas.width(of: $0.label ?? "", size: base) }.max() ?? 0
        }

        // The height of the plot does not depend on the labels, so that the ticks can be chosen first.
        let plotHeight = Self.snap(width * 0.56, pixelsPerPoint)
        func label(_ name: String, _ unit: String, _ room: Double) -> [String] {
            Self.wrap(name.labelled(with: unit), room, 2) { canvas.width(of: $0, size: base) }
        }
        let yLabel = label(map.y.longName, map.y.unit, plotHeight)
        let shadeLabel = map.shade.map { label($0.longName, $0.unit, plotHeight) } ?? []
        let yTicks = picture.yScale.ticks(most: max(2, Int(plotHeight / (base * 2.4))))
        let left = Self.snap(
            margin + base * (0.2 + 1.3 * Double(yLabel.count)) + widest(yTicks) + base * 0.7, pixelsPerPoint)
        let shadeTicks = picture.shadeTicks(most: max(2, Int(plotHeight / (base * 2.4))))
        shadeWidth = map.shade == nil ? 0 : base * 1.1
        let shadeRoom =
            map.shade == nil
            ? 0
            : base * 0.8 + shadeWidth + base * 0.6 + widest(shadeTicks) + base * (0.4 + 1.3 * Double(shadeLabel.count))
        let plotWidth = Self.snap(width - left - margin - base * 0.5 - shadeRoom, pixelsPerPoint)
        let labelWidth = max(widest(picture.xScale.ticks(most: 8)), base)
        let xTicks = picture.xScale.ticks(most: max(2, Int(plotWidth / (labelWidth + base))))

        var y = margin + Double(titleLines.count) * base * 1.45 + Double(noteLines.count) * base * 1.25 + base * 0.5
        let top = Self.snap(y, pixelsPerPoint)
        let xLabel = label(map.x.longName, map.x.unit, plotWidth)
        y = top + plotHeight + base * (2.3 + 1.3 * Double(xLabel.count))
        var legend: [LegendEntry] = []
        var x = margin
        y += base * 0.9
        for item in picture.legendItems {
            let long = (item.hasMark ? base * 1.3 : 0) + canvas.width(of: item.text, size: base)
            if x > margin, x + long > width - margin {
                x = margin
                y += base * 1.55
            }
            legend.append(LegendEntry(item: item, x: x + base * 0.5, y: y))
            x += long + base
        }
        y += base * 1.5 + base * 0.6

        self.base = base
        self.width = width
        self.margin = margin
        self.titleLines = titleLines
        self.noteLines = noteLines
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.shadeLabel = shadeLabel
        self.left = left
        self.top = top
        self.plotWidth = plotWidth
        self.plotHeight = plotHeight
        self.xTicks = Self.thin(xTicks, plotWidth, gap: base * 0.6) { canvas.width(of: $0, size: base) }
        self.yTicks = Self.thin(yTicks, plotHeight, gap: base * 0.2) { _ in base * 1.1 }
        self.shadeTicks = shadeTicks
        self.legend = legend
        height = y + margin * 0.6
    }

    /// Takes labels away that would touch the one before.
    private static func thin(
        _ ticks: [AxisScale.Tick], _ length: Double, gap: Double, _ size: (String) -> Double
    ) -> [AxisScale.Tick] {
        var free = -Double.infinity
        return ticks.map { tick in
            guard let label = tick.label else { return tick }
            let (center, half) = (tick.position * length, size(label) / 2)
            guard center - half >= free else { return .init(position: tick.position, label: nil) }
            free = center + half + gap
            return tick
        }
    }

    /// Breaks a text between words into lines that fit; what does not fit in `most` lines ends with an ellipsis.
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

    private static func snap(_ length: Double, _ pixelsPerPoint: Double) -> Double {
        (length * pixelsPerPoint).rounded() / pixelsPerPoint
    }
}
