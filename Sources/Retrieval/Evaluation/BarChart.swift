internal import Foundation

/// Bars as a picture in SVG, without anything from outside.
struct BarChart: Sendable {
    struct Bar: Sendable {
        let label: String
        let value: Double
        /// Half the length of the line that shows how far the value may be off.
        var error = 0.0
    }

    let title: String
    let bars: [Bar]

    private static let rowHeight = 22
    private static let labelWidth = 210
    private static let plotWidth = 420
    private static let topHeight = 40

    /// Lying bars with their values, on a scale from 0 to 1.
    var lying: String {
        let height = Self.topHeight + bars.count * Self.rowHeight + 12
        let rows = bars.enumerated().map { index, bar in
            let top = Self.topHeight + index * Self.rowHeight
            let length = Double(Self.plotWidth) * min(max(bar.value, 0), 1)
            let end = Double(Self.labelWidth) + length
            let reach = Double(Self.plotWidth) * bar.error
            let line =
                bar.error > 0
                ? "<line x1=\"\(Self.number(end - reach))\" x2=\"\(Self.number(end + reach))\""
                    + " y1=\"\(top + 8)\" y2=\"\(top + 8)\" stroke=\"#222\" stroke-width=\"1.5\"/>"
                : ""
            return """
                <text x="\(Self.labelWidth - 8)" y="\(top + 12)" text-anchor="end">\
                \(Self.escaped(bar.label))</text>\
                <rect x="\(Self.labelWidth)" y="\(top)" width="\(Self.number(length))" height="16" \
                fill="#4878a8"/>\(line)\
                <text x="\(Self.number(end + reach + 6))" y="\(top + 12)">\
                \(String(format: "%.3f", bar.value))</text>
                """
        }
        return document(width: Self.labelWidth + Self.plotWidth + 70, height: height, rows)
    }

    /// Thin standing bars around a line at 0, from -1 to 1, in the order given.
    var standing: String {
        let (left, middle, reach) = (48.0, 150.0, 100.0)
        let step = max(1.5, min(12, 600 / Double(max(bars.count, 1))))
        let right = left + step * Double(bars.count)
        let scale = [1.0, 0.5, 0, -0.5, -1].map { value in
            let y = middle - reach * value
            return """
                <line x1="\(Self.number(left))" x2="\(Self.number(right))" y1="\(Self.number(y))" \
                y2="\(Self.number(y))" stroke="\(value == 0 ? "#222" : "#ddd")"/>\
                <text x="\(Self.number(left - 6))" y="\(Self.number(y + 4))" text-anchor="end">\
                \(value)</text>
                """
        }
        let rows = bars.enumerated().map { index, bar in
            let length = reach * min(abs(bar.value), 1)
            return """
                <rect x="\(Self.number(left + step * Double(index)))" \
                y="\(Self.number(bar.value > 0 ? middle - length : middle))" \
                width="\(Self.number(step * 0.8))" height="\(Self.number(length))" \
                fill="\(bar.value > 0 ? "#3a8a4d" : "#b5483a")">\
                <title>\(Self.escaped(bar.label)): \(String(format: "%+.3f", bar.value))</title></rect>
                """
        }
        return document(width: Int(max(right, 420)) + 20, height: 270, scale + rows)
    }

    private func document(width: Int, height: Int, _ parts: [String]) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
        viewBox="0 0 \(width) \(height)" font-family="sans-serif" font-size="12">
        <rect width="100%" height="100%" fill="white"/>
        <text x="8" y="22" font-size="14">\(Self.escaped(title))</text>
        \(parts.joined(separator: "\n"))
        </svg>

        """
    }

    private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

    /// Text as XML has it; what XML cannot hold is shown as U+FFFD.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\t", "\n", "\r": escaped += " "
            case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
