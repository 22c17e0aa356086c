public import Foundation

/// The one door through which JSON enters and leaves.
public enum StrictJSON {
    /// Parses bytes into a value.
    ///
    /// - Throws: `JSONError`; white space around the value is not an error, a byte order mark is.
    /// - Complexity: O(bytes).
    public static func parse(
        _ bytes: some Collection<UInt8>, limits: JSONLimits = JSONLimits()
    ) throws(JSONError) -> JSONValue {
        try JSONParser.parse(Array(bytes), limits: limits)
    }

    /// Checks bytes strictly, then decodes them.
    ///
    /// - Throws: `JSONError`; `.mismatch` where the JSON is well formed but not a `Value`.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: some Collection<UInt8>, limits: JSONLimits = JSONLimits()
    ) throws(JSONError) -> Value {
        let bytes = Array(bytes)
        let value = try JSONParser.parse(bytes, limits: limits)
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            guard case .dataCorrupted(let context) = error, context.codingPath.isEmpty,
                let path = unfitNumber(in: value, for: type)
            else { throw .mismatch(path: error.path, reason: error.reason) }
            throw .mismatch(path: path, reason: "the number does not fit")
        } catch {
            throw .mismatch(path: "", reason: "\(error)")
        }
    }

    /// The path of the number that Foundation refused without saying which: the first whose
    /// replacement by 0 changes what is wrong.
    private static func unfitNumber<Value: Decodable>(
        in value: JSONValue, for type: Value.Type
    ) -> String? {
        value.fractionalPaths(limit: 64).first { path in
            do {
                let repaired = value.replacing(path[...], by: .integer(0))
                _ = try JSONDecoder().decode(type, from: Data(repaired.canonicalBytes))
                return true
            } catch DecodingError.dataCorrupted(let context) {
                return !context.codingPath.isEmpty
            } catch {
                return true
            }
        }?.joined(separator: ".")
    }

    /// Encodes a reply: sorted keys, slashes left alone, no trailing newline.
    ///
    /// - Parameters:
    ///   - value: what to encode.
    ///   - pretty: whether to indent for people.
    /// - Returns: UTF-8.
    /// - Throws: what `value` throws while it encodes itself, and for non-finite numbers.
    public static func encode(_ value: some Encodable, pretty: Bool = false) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return try encoder.encode(value)
    }
}

extension DecodingError {
    fileprivate var context: Context? {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .keyNotFound(_, let context), .dataCorrupted(let context):
            context
        @unknown default: nil
        }
    }

    fileprivate var path: String {
        var keys = context?.codingPath ?? []
        if case .keyNotFound(let key, _) = self { keys.append(key) }
        return keys.map(\.stringValue).joined(separator: ".")
    }

    fileprivate var reason: String {
        if case .keyNotFound = self { return "missing" }
        return context?.debugDescription ?? "not of the expected shape"
    }
}
