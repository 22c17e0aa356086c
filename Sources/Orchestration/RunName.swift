internal import Foundation

/// Names for runs that were not named.
enum RunName {
    /// The time and the goal's first words.
    static func name(goal: String, now: Date) -> String {
        let time = now.ISO8601Format().filter { $0.isNumber || $0 == "T" }.lowercased()
        let words = goal.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        return ([time] + words.prefix(5).map { String($0.prefix(12)) }).joined(separator: "-")
            .prefix(64).lowercased()
    }
}
