internal import Atmospheres
internal import Cairo

/// The colours and characters of maps. They can be told apart by colour-blind people and in grey: the lightness of the
/// four outcomes differs, and marks have different shapes.
enum Palette {
    /// From the palette of Okabe & Ito 2008, "Color Universal Design", chosen so that the lightness (CIE L*) differs:
    /// 46, 71, 62 and 0.
    static func color(of outcome: Outcome) -> Color {
        switch outcome {
        case .stable: Color(hex: 0x0072b2)
        case .unstable: Color(hex: 0xe69f00)
        case .notConverged: Color(hex: 0xcc79a7)
        case .failed: .black
        case .pending: .white
        }
    }

    /// Beside a continuous scale other outcomes step back: greys, which the scale has not.
    static func quietColor(of outcome: Outcome) -> Color {
        switch outcome {
        case .unstable: Color(hex: 0xc8c8c8)
        case .notConverged: Color(hex: 0x969696)
        case .failed: Color(hex: 0x505050)
        case .stable, .pending: .white
        }
    }

    /// Of cells that were not evaluated: the outcome's colour, pale.
    static func color(inferredStable isStable: Bool) -> Color {
        let color = color(of: isStable ? .stable : .unstable)
        func pale(_ part: Double) -> Double { 1 - 0.25 * (1 - part) }
        return Color(pale(color.red), pale(color.green), pale(color.blue))
    }

    static func character(inferredStable isStable: Bool) -> Character { isStable ? "." : "-" }

    static let origin = Color(hex: 0xf0e442)

    static func character(of outcome: Outcome) -> Character {
        switch outcome {
        case .stable: "o"
        case .unstable: "x"
        case .notConverged: "?"
        case .failed: "!"
        case .pending: " "
        }
    }

    /// A colour of the scale viridis (van der Walt & Smith 2015), which rises evenly in lightness for every eye.
    ///
    /// - Parameter share: 0, dark, to 1, light.
    static func viridis(_ share: Double) -> Color {
        let place = min(max(share, 0), 1) * Double(viridis.count - 1)
        let index = min(Int(place), viridis.count - 2)
        let (a, b, part) = (viridis[index], viridis[index + 1], place - Double(index))
        return Color(
            a.red + (b.red - a.red) * part, a.green + (b.green - a.green) * part, a.blue + (b.blue - a.blue) * part)
    }

    /// 32 of the 256 colours of the published table, evenly spaced; in between the error is at most 2 of 255.
    private static let viridis: [Color] = [
        0x440154, 0x470d60, 0x48186a, 0x482475, 0x472e7c, 0x453882, 0x424186, 0x3e4c8a, 0x3a548c, 0x365d8d, 0x32658e,
        0x2e6d8e, 0x2b758e, 0x287d8e, 0x25848e, 0x228c8d, 0x1f948c, 0x1e9c89, 0x20a386, 0x25ab82, 0x2eb37c, 0x3aba76,
        0x48c16e, 0x58c765, 0x69cd5b, 0x7fd34e, 0x93d741, 0xa8db34, 0xbddf26, 0xd5e21a, 0xeae51a, 0xfde725,
    ].map { Color(hex: $0) }
}
