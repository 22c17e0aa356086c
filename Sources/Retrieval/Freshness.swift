internal import Documents
internal import Foundation
internal import StrictJSON

/// How far a page can be trusted to be current, as it says itself.
public enum Freshness: String, Sendable, Codable, CaseIterable {
    /// Verified, and its review is not due.
    case verified
    /// Its `review_by` has passed.
    case reviewDue = "review_due"
    /// Another page took its place.
    case superseded
    /// It says nothing about itself.
    case unknown

    /// What front matter says on a day.
    ///
    /// - Parameters:
    ///   - frontMatter: a JSON object as the memory stores it.
    ///   - now: the day to judge by; dates compare as `YYYY-MM-DD` in UTC.
    init(frontMatter: String, now: Date) {
        guard let values = try? StrictJSON.parse(Array(frontMatter.utf8)) else {
            self = .unknown
            return
        }
        let today = Self.day(now.ISO8601Format()) ?? []
        let review = values["review_by"]?.string ?? ""
        if values["superseded_by"]?.string?.isEmpty == false {
            self = .superseded
        } else if let due = Self.day(review), due.lexicographicallyPrecedes(today) {
            self = .reviewDue
        } else if values["verified_at"]?.string.flatMap(Self.day) != nil,
            review.isEmpty || Self.day(review) != nil
        {
            self = .verified
        } else {
            self = .unknown
        }
    }

    /// Year, month and day at the start of a text; nil where they do not stand there.
    private static func day(_ text: String) -> [Int]? {
        guard let match = text.prefixMatch(of: /(\d{4})-(\d{1,2})-(\d{1,2})(?:$|[T ])/),
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3)
        else { return nil }
        return [year, month, day]
    }
}

extension MetadataValue {
    /// The same as JSON, every scalar as text.
    var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .list(let values): .array(values.map(\.json))
        case .map(let members): .object(members.mapValues(\.json))
        }
    }
}
