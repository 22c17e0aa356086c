public import Foundation

/// How long a fact holds, as people write it: `90s`, `15m`, `24h`, `7d`.
public struct FactLifetime: Sendable, Equatable {
    /// The same in seconds.
    public let seconds: TimeInterval

    /// Nil where it is not a positive number, up to a million, and a unit.
    public init?(_ text: String) {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }),
            let count = Int(text.dropLast()), count > 0, count <= 1_000_000
        else { return nil }
        seconds = Double(count) * unit
    }
}
