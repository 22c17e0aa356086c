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

    /// What a page says of itself on a day.
    ///
    /// - Parameters:
    ///   - claims: the page's claims.
    ///   - isSucceeded: whether another page is known to have taken its place.
    ///   - now: the day to judge by; days are those of UTC.
    init(_ claims: PageClaims, isSucceeded: Bool, now: Date) {
        let due = claims.reviewBy.flatMap(Moment.init(dayAtStartOf:))
        if claims.supersededBy != nil || isSucceeded {
            self = .superseded
        } else if let due, due.last < now {
            self = .reviewDue
        } else if claims.verifiedDay != nil, claims.reviewBy == nil || due != nil {
            self = .verified
        } else {
            self = .unknown
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
