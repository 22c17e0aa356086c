public import Foundation
internal import Store

/// A time as people write it: as exact as it was written.
public struct Moment: Sendable, Equatable {
    /// The first second that it may mean.
    public let first: Date
    /// The last second that it may mean.
    public let last: Date

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    /// Reads `2026`, `2026-10`, `2026-10-06`, an ISO 8601 time, or an age such as `7d` or `24h`.
    ///
    /// A time without an offset is in UTC. An age is counted back from `now`.
    public init?(_ text: String, now: Date) {
        if let age = FactLifetime(text) {
            (first, last) = (now - age.seconds, now - age.seconds)
            return
        }
        let form =
            /(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?/
        guard let match = text.wholeMatch(of: form) else { return nil }
        func number(_ text: Substring?) -> Int? { text.flatMap { Int($0) } }
        let (month, day, hour) = (number(match.2), number(match.3), number(match.4))
        guard
            let start = Self.date(
                year: number(match.1) ?? 0, month: month ?? 1, day: day ?? 1, hour: hour ?? 0,
                minute: number(match.5) ?? 0, second: number(match.6) ?? 0)
        else { return nil }
        guard hour == nil else {
            let fraction = match.7.flatMap { Double("0\($0)") } ?? 0
            guard let offset = Self.offset(match.8 ?? "Z") else { return nil }
            (first, last) = (start - offset + fraction, start - offset + fraction)
            return
        }
        let unit: Calendar.Component = day != nil ? .day : month != nil ? .month : .year
        guard let end = Self.calendar.date(byAdding: unit, value: 1, to: start) else { return nil }
        (first, last) = (start, end - 1)
    }

    /// The day in UTC that stands at the start of a text, as a page's front matter has it.
    ///
    /// Whatever follows behind `T` or a blank is left alone: pages are judged by days.
    init?(dayAtStartOf text: String) {
        let numbers = text.prefix { $0 != "T" && $0 != " " }
            .split(separator: "-", omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard numbers.count == 3, numbers[0].utf8.count == 4,
            numbers.dropFirst().allSatisfy({ (1...2).contains($0.utf8.count) }),
            numbers.allSatisfy({ $0.utf8.allSatisfy(digits.contains) }),
            let year = Int(numbers[0]), let month = Int(numbers[1]), let day = Int(numbers[2]),
            let start = Self.date(year: year, month: month, day: day)
        else { return nil }
        (first, last) = (start, start + 86_399)
    }

    /// The time of some numbers; nil where no calendar has it.
    private static func date(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0
    ) -> Date? {
        let components = DateComponents(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        guard components.isValidDate(in: calendar) else { return nil }
        return calendar.date(from: components)
    }

    /// The seconds that an offset from UTC means: `Z`, `+02:00`, `-0530`.
    private static func offset(_ text: Substring) -> TimeInterval? {
        let digits = text.filter(\.isNumber)
        guard let sign = text.first, sign != "Z" else { return 0 }
        guard let hours = Int(digits.prefix(2)), let minutes = Int(digits.suffix(2)), hours <= 23,
            minutes <= 59
        else { return nil }
        return TimeInterval((hours * 60 + minutes) * 60) * (sign == "-" ? -1 : 1)
    }
}
