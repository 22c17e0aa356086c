import ArgumentParser
import Foundation

/// A length of time as the command line takes it: `90s`, `15m`, `24h`, `7d`.
struct Lifetime: ExpressibleByArgument {
    let seconds: TimeInterval

    init?(argument: String) {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }),
            let count = Int(argument.dropLast()), count > 0, count <= 1_000_000
        else { return nil }
        seconds = Double(count) * unit
    }
}
