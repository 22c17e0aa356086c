internal import Documents
internal import Foundation
internal import StrictJSON

/// How far a page can be trusted to be current, as it says itself.
public enum Freshness: String, Sendable, Codable {
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
        let today = String(now.ISO8601Format().prefix(10))
        if values["superseded_by"]?.string?.isEmpty == false {
            self = .superseded
        } else if let review = values["review_by"]?.string, review < today {
            self = .reviewDue
        } else {
            self = values["verified_at"]?.string == nil ? .unknown : .verified
        }
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
