internal import Foundation

/// Text in a header field: as it is, or `=?base64?…?=` where it would not survive there.
enum HeaderText {
    /// The text; nil for base64 that is not canonical or not UTF-8.
    static func decoded(_ value: String) -> String? {
        let (start, end) = ("=?base64?", "?=")
        guard value.hasPrefix(start), value.hasSuffix(end),
            value.utf8.count >= start.utf8.count + end.utf8.count
        else { return value }
        let payload = String(value.dropFirst(start.count).dropLast(end.count))
        guard let data = Data(base64Encoded: payload), data.base64EncodedString() == payload else {
            return nil
        }
        return String(validating: data, as: UTF8.self)
    }
}
