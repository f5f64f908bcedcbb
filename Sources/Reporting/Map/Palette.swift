internal import Atmospheres
internal import Cairo

/// The colours and characters of maps.
///
/// Colour-blind readers and greyscale prints can tell them apart: the four outcomes differ in lightness, and their marks
/// in shape.
enum Palette {
    /// Returns the colour of an outcome, from the palette of Okabe & Ito 2008, "Color Universal Design". The lightness
    /// (CIE L*) of the four is 46, 71, 62 and 0.
    static func color(of outcome: Outcome) -> Color {
        switch outcome {
        case .stable: Color(hex: 0x0072b2)
        case .unstable: Color(hex: 0xe69f00)
        case .notConverged: Color(hex: 0xcc79a7)
        case .failed: .black
        case .pending: .white
        }
    }

    /// Returns the grey of an outcome on a map whose stable cells have a continuous colour scale, which has no greys.
    static func mutedColor(of outcome: Outcome) -> Color {
        switch outcome {
        case .unstable: Color(hex: 0xc8c8c8)
        case .notConverged: Color(hex: 0x969696)
        case .failed: Color(hex: 0x505050)
        case .stable, .pending: .white
        }
    }

    /// Returns the colour of an inferred cell: a pale shade of the outcome's colour.
    static func color(inferredStable isStable: Bool) -> Color {
        let color = color(of: isStable ? .stable : .unstable)
        func pale(_ part: Double) -> Double { 1 - 0.25 * (1 - part) }
        return Color(pale(color.red), pale(color.green), pale(color.blue))
    }

    /// Returns the character of an inferred cell in a terminal.
    static func character(inferredStable isStable: Bool) -> Character { isStable ? "." : "-" }

    /// The colour of the origin's star.
    static let origin = Color(hex: 0xf0e442)

    /// Returns the character of an outcome in a terminal.
    static func character(of outcome: Outcome) -> Character {
        switch outcome {
        case .stable: "o"
        case .unstable: "x"
        case .notConverged: "?"
        case .failed: "!"
        case .pending: " "
        }
    }

    /// Returns a colour of the perceptually uniform scale viridis (van der Walt & Smith 2015).
    ///
    /// - Parameter share: from 0 (dark) to 1 (light).
    /// - Returns: the colour.
    static func viridis(_ share: Double) -> Color {
        let position = min(max(share, 0), 1) * Double(viridis.count - 1)
        let index = min(Int(position), viridis.count - 2)
        let (a, b, part) = (viridis[index], viridis[index + 1], position - Double(index))
        return Color(
            a.red + (b.red - a.red) * part, a.green + (b.green - a.green) * part, a.blue + (b.blue - a.blue) * part)
    }

    /// 32 evenly spaced colours of the 256 in the published table. Interpolation between them is within 2/255.
    private static let viridis: [Color] = [
        0x440154, 0x470d60, 0x48186a, 0x482475, 0x472e7c, 0x453882, 0x424186, 0x3e4c8a, 0x3a548c, 0x365d8d, 0x32658e,
        0x2e6d8e, 0x2b758e, 0x287d8e, 0x25848e, 0x228c8d, 0x1f948c, 0x1e9c89, 0x20a386, 0x25ab82, 0x2eb37c, 0x3aba76,
        0x48c16e, 0x58c765, 0x69cd5b, 0x7fd34e, 0x93d741, 0xa8db34, 0xbddf26, 0xd5e21a, 0xeae51a, 0xfde725,
    ].map { Color(hex: $0) }
}
