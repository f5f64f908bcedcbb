internal import Atmospheres
internal import Cairo

/// A map in characters, for a terminal. Each character is one cell, or several where the map has more cells than fit.
public struct TerminalMap: Sendable {
    /// The map with its title, axes and legend.
    public let lines: [String]

    /// Draws a map.
    ///
    /// - Parameters:
    ///   - map: the map.
    ///   - columns: the width of the terminal in characters.
    ///   - rows: the height of the terminal in lines.
    ///   - isColored: whether the terminal shows 24-bit ANSI colours (ECMA-48, "SGR").
    public init(_ map: StabilityMap, columns: Int, rows: Int, isColored: Bool) {
        let picture = Self.pictureRows(map, columns: columns, rows: rows, isColored)
        var lines = [map.title] + map.selection
        lines.append("")
        lines.append(map.y.longName + (map.y.unit == "1" ? "" : " (\(map.y.unit))"))
        lines += picture
        lines.append("")
        lines += Self.legend(map, columns: columns, isColored)
        self.lines = lines
    }

    /// The number of characters left of the plot, for the labels of the vertical axis.
    private static let margin = 10

    private static func pictureRows(_ map: StabilityMap, columns: Int, rows: Int, _ isColored: Bool) -> [String] {
        let (width, height) = (map.x.values.count, map.y.values.count)
        let across = bins(width, into: max(10, columns - margin - 2))
        let up = bins(height, into: max(6, rows - 9 - map.selection.count))
        var lines: [String] = []
        for (line, ys) in up.reversed().enumerated() {
            let isEnd = line == 0 || line == up.count - 1
            let label = isEnd || (up.count - 1 - line) % 5 == 0 ? map.y.values[ys.lowerBound].short : ""
            var text = String(repeating: " ", count: max(0, margin - 1 - label.count)) + label
            text += label.isEmpty ? "|" : "+"
            for xs in across { text += cell(map, xs, ys, isColored) }
            lines.append(text)
        }
        lines.append(String(repeating: " ", count: margin - 1) + "+" + String(repeating: "-", count: across.count))
        lines.append(labels(map.x, across))
        let name = map.x.longName + (map.x.unit == "1" ? "" : " (\(map.x.unit))")
        lines.append(String(repeating: " ", count: margin + max(0, (across.count - name.count) / 2)) + name)
        return lines
    }

    /// Divides `count` indices into ranges that share a character, at most `room` of them.
    private static func bins(_ count: Int, into room: Int) -> [Range<Int>] {
        let number = min(count, room)
        return (0..<number).map { $0 * count / number..<($0 + 1) * count / number }
    }

    private static func cell(_ map: StabilityMap, _ xs: Range<Int>, _ ys: Range<Int>, _ isColored: Bool) -> String {
        if map.showsOrigin, let x = map.x.origin, let y = map.y.origin, xs.contains(x), ys.contains(y) {
            return isColored ? paint("*", Palette.origin, bold: true) : "*"
        }
        var outcome = Outcome.pending
        var (sum, count) = (0.0, 0)
        for y in ys {
            for x in xs {
                let i = y * map.x.values.count + x
                guard map.outcomes[i] != .pending else { continue }
                // The boundary of the stable region must stay visible among stable cells.
                if outcome == .pending || outcome == .stable { outcome = map.outcomes[i] }
                if map.shade != nil, map.values[i].isFinite {
                    sum += map.values[i]
                    count += 1
                }
            }
        }
        guard outcome != .pending else { return inferred(map, xs, ys, isColored) }
        if outcome == .stable, let range = map.shade?.range, count > 0 {
            let span = range.upperBound - range.lowerBound
            let share = span > 0 ? (sum / Double(count) - range.lowerBound) / span : 0.5
            let digit = Character("\(min(9, max(0, Int(share * 10))))")
            return isColored ? paint(digit, Palette.viridis(share)) : String(digit)
        }
        let mark = Palette.character(of: outcome)
        let color = map.shade == nil ? Palette.color(of: outcome) : Palette.mutedColor(of: outcome)
        return isColored ? paint(mark, color) : String(mark)
    }

    private static func inferred(
        _ map: StabilityMap, _ xs: Range<Int>, _ ys: Range<Int>, _ isColored: Bool
    ) -> String {
        guard !map.inferred.isEmpty else { return " " }
        let kinds = ys.flatMap { y in xs.compactMap { map.inferred[y * map.x.values.count + $0] } }
        guard !kinds.isEmpty else { return " " }
        return inferredMark(kinds.allSatisfy { $0 }, isColored)
    }

    private static func inferredMark(_ isStable: Bool, _ isColored: Bool) -> String {
        let mark = Palette.character(inferredStable: isStable)
        return isColored ? paint(mark, Palette.color(inferredStable: isStable)) : String(mark)
    }

    /// Returns a character on a background of this colour, in black or white, whichever is legible.
    private static func paint(_ character: Character, _ color: Color, bold: Bool = false) -> String {
        let (red, green, blue) = color.bytes
        // The luma of ITU-R BT.601 is accurate enough to choose between black and white.
        let isLight = 0.299 * color.red + 0.587 * color.green + 0.114 * color.blue > 0.5
        return "\u{1B}[\(bold ? "1;" : "")\(isLight ? 30 : 97);48;2;\(red);\(green);\(blue)m\(character)\u{1B}[0m"
    }

    private static func labels(_ axis: StabilityMap.MapAxis, _ bins: [Range<Int>]) -> String {
        var line = Array(repeating: Character(" "), count: margin + bins.count + 10)
        var free = 0
        for (column, bin) in bins.enumerated() where column % 5 == 0 || column == bins.count - 1 {
            let label = axis.values[bin.lowerBound].short
            let start = margin + column
            guard start >= free, start + label.count <= line.count else { continue }
            line.replaceSubrange(start..<start + label.count, with: label)
            free = start + label.count + 2
        }
        while line.last == " " { line.removeLast() }
        return String(line)
    }

    private static func legend(_ map: StabilityMap, columns: Int, _ isColored: Bool) -> [String] {
        // The length excludes escape sequences, which take no space on the screen.
        var words: [(text: String, length: Int)] = []
        func add(_ text: (Bool) -> String) { words.append((text(isColored), text(false).count)) }
        for (outcome, count) in map.cellCounts {
            if outcome == .stable, let range = map.shade?.range {
                let (low, high) = (Palette.viridis(0), Palette.viridis(1))
                add { "\($0 ? paint("0", low) : "0") to \($0 ? paint("9", high) : "9") stable \(count)" }
                add { _ in "\(range.lowerBound.brief) to \(range.upperBound.brief) \(map.shade?.unit ?? "")" }
                continue
            }
            let mark = Palette.character(of: outcome)
            let color = map.shade == nil ? Palette.color(of: outcome) : Palette.mutedColor(of: outcome)
            add { "\($0 ? paint(mark, color) : String(mark)) \(outcome.name) \(count)" }
        }
        let inferred = map.inferredCounts
        if inferred.stable > 0 { add { "\(inferredMark(true, $0)) inferred stable \(inferred.stable)" } }
        if inferred.other > 0 { add { "\(inferredMark(false, $0)) inferred not stable \(inferred.other)" } }
        if map.showsOrigin { add { "\($0 ? paint("*", Palette.origin, bold: true) : "*") origin" } }
        add { _ in map.inferred.isEmpty ? "blank: not explored" : "blank: not known" }
        var (lines, length) = ([""], 0)
        for word in words {
            if length > 0, length + 3 + word.length > columns {
                lines.append("")
                length = 0
            }
            lines[lines.count - 1] += (length > 0 ? "   " : "") + word.text
            length += (length > 0 ? 3 : 0) + word.length
        }
        if let shade = map.shade { lines.append("colour: \(shade.longName) (\(shade.unit))") }
        let cells = map.x.values.count * map.y.values.count
        lines.append(
            "\(map.pointCount) points in \(map.x.values.count) x \(map.y.values.count) = \(cells) cells; \(map.state)")
        return lines
    }
}
