internal import Documents
internal import StrictJSON

/// The lines of a file of labelled data, each with its number for messages.
struct LineFile {
    let path: String
    private let bytes: [UInt8]

    /// Files and lines over these are refused.
    private static let byteLimit = 1 << 30
    private static let lineLimits = JSONLimits(byteCount: 64 << 20)

    init(_ path: String) throws(EvaluationError) {
        self.path = path
        do throws(DocumentError) {
            bytes = try DocumentReader(byteLimit: Self.byteLimit).bytes(of: path)
        } catch {
            throw .unreadable(path: path, reason: error.diagnostic.message)
        }
    }

    /// Calls `body` with every line that holds anything, and its 1-based number.
    func forEachLine(
        _ body: (Int, ArraySlice<UInt8>) throws(EvaluationError) -> Void
    ) throws(EvaluationError) {
        var (start, number) = (bytes.startIndex, 0)
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.endIndex
            number += 1
            var line = bytes[start..<end]
            if line.last == 0x0D { line.removeLast() }
            if !line.isEmpty { try body(number, line) }
            start = end + 1
        }
    }

    /// The same with every line read as a JSON object.
    func forEachObject(
        _ body: (Int, [String: JSONValue]) throws(EvaluationError) -> Void
    ) throws(EvaluationError) {
        try forEachLine { number, line throws(EvaluationError) in
            let value: JSONValue
            do throws(JSONError) {
                value = try StrictJSON.parse(line, limits: Self.lineLimits)
            } catch {
                throw malformed(number, "not JSON: \(error)")
            }
            guard let object = value.object else { throw malformed(number, "not a JSON object") }
            try body(number, object)
        }
    }

    /// The text of a member of a line's object.
    func text(
        _ name: String, in object: [String: JSONValue], line: Int, default missing: String? = nil
    ) throws(EvaluationError) -> String {
        if let text = object[name]?.string { return text }
        if object[name] == nil || object[name] == .null, let missing { return missing }
        throw malformed(line, "\"\(name)\" must be text")
    }

    func malformed(_ line: Int, _ reason: String) -> EvaluationError {
        .malformed(path: path, line: line, reason: reason)
    }
}
