internal import AsyncHTTPClient
internal import NIOCore
internal import Orchestration
internal import StrictJSON

extension ModelConnection {
    /// Posts a body and reads the answer that streams back, within a time and with retries.
    ///
    /// - Parameters:
    ///   - body: JSON.
    ///   - path: below the address.
    ///   - headers: besides the content's type.
    ///   - limit: the most time for all of it.
    ///   - decoder: makes an empty decoder for each try.
    ///   - progress: called for every piece of news.
    /// - Returns: the whole answer.
    /// - Throws: `ModelError`.
    func answer(
        to body: [UInt8], path: String, headers: [(String, String)], within limit: Duration,
        decoder: @escaping @Sendable () -> any AnswerDecoder,
        progress: @escaping @Sendable (ModelProgress) -> Void
    ) async throws(ModelError) -> ModelAnswer {
        let outgoing = Outgoing(path: path, body: body, headers: headers)
        return try await send(outgoing, within: limit, progress: progress) { response in
            var decoder = decoder()
            try Self.check(response, is: type(of: decoder).contentType)
            var lines = LineDecoder()
            try await Self.pieces(of: response.body) { piece in
                for line in try lines.lines(in: piece) where !decoder.isComplete {
                    try decoder.take(line)
                }
                guard !decoder.isComplete else { return false }
                progress(.receiving(characterCount: decoder.characterCount))
                return true
            }
            if !decoder.isComplete { try decoder.take(lines.finished()) }
            return try decoder.answer()
        }
    }

    /// Sends a request whose reply is one JSON value, within a time and with retries.
    ///
    /// - Parameters:
    ///   - path: below the address.
    ///   - body: JSON to post; nil asks by GET.
    ///   - limit: the most time for all of it.
    /// - Returns: the value, read strictly.
    /// - Throws: `ModelError`; `.cut` for JSON that ends early, `.malformed` for anything else that
    ///   is no JSON.
    func json(
        _ path: String, posting body: JSONValue? = nil, within limit: Duration
    ) async throws(ModelError) -> JSONValue {
        let outgoing = Outgoing(
            path: path, body: body?.canonicalBytes, headers: [("accept", "application/json")])
        return try await send(outgoing, within: limit) { response in
            try Self.check(response, is: "application/json")
            var bytes: [UInt8] = []
            try await Self.pieces(of: response.body) { piece in
                bytes += piece.readableBytesView
                return true
            }
            do throws(JSONError) {
                return try StrictJSON.parse(bytes, limits: JSONLimits(byteCount: Self.replyLimit))
            } catch .truncated {
                throw ModelError.cut("its JSON stops after \(bytes.count) bytes")
            } catch {
                throw ModelError.malformed("no JSON: \(error)")
            }
        }
    }
}
