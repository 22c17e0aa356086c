internal import Foundation

/// How long to wait before a service is asked again.
///
/// - Source: Anthropic's SDKs: two retries; the service's own word, else 0.5 s doubling to 8 s, less
///   up to a quarter.
enum RetryRule {
    /// How often a request is sent at most.
    static let attempts = 3
    /// A longer wait in seconds or milliseconds is not believed.
    private static let longest = 1e9

    /// The wait after a refusal.
    ///
    /// - Parameters:
    ///   - refusal: what the service said.
    ///   - attempt: how many requests were sent before this one.
    ///   - chance: between 0 and 1.
    /// - Returns: the wait; never below zero.
    static func wait(after refusal: ServiceRefusal, attempt: Int, chance: Double) -> Duration {
        if let asked = refusal.retryAfter { return max(asked, .zero) }
        let seconds = min(0.5 * pow(2, Double(attempt)), 8)
        return .seconds(seconds * (1 - 0.25 * chance))
    }

    /// What `retry-after-ms` and `retry-after` say: milliseconds, seconds, or a date.
    ///
    /// Nil where they say nothing that can be read.
    static func wait(milliseconds: String?, after: String?, now: Date) -> Duration? {
        func number(_ text: String?) -> Double? {
            text.flatMap { Double($0) }.flatMap { (0..<longest).contains($0) ? $0 : nil }
        }
        if let milliseconds = number(milliseconds) { return .milliseconds(milliseconds) }
        if let seconds = number(after) { return .seconds(seconds) }
        guard let after, let date = date(after) else { return nil }
        return .seconds(min(max(date.timeIntervalSince(now), 0), longest))
    }

    /// - Source: IMF-fixdate, RFC 9110 §5.6.7.
    private static func date(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.date(from: text)
    }
}
