internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import StrictJSON

/// Reads a request's body within its limits.
struct BodyReader: Sendable {
    let limits: ServiceLimits

    /// The body as JSON.
    ///
    /// - Throws: `Refusal`: 415 for another type, 413 for too much, 408 for too slow, 400 for what
    ///   is not strict JSON.
    func value(of request: Request) async throws -> JSONValue {
        let type = request.headers[.contentType]?.split(separator: ";").first ?? ""
        guard type.lowercased() == "application/json" else {
            throw Refusal(
                .unsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "the body must be application/json"
            ).unread
        }
        guard request.headers[.contentEncoding] == nil else {
            throw Refusal(
                .unsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE",
                "the body must not be compressed"
            ).unread
        }
        let bytes: [UInt8]
        do {
            bytes = try await self.bytes(of: request)
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal(.badRequest, "BAD_BODY", "the body's framing is broken")
        }
        do throws(JSONError) {
            return try StrictJSON.parse(bytes, limits: JSONLimits(byteCount: limits.bodyBytes))
        } catch {
            throw Refusal(.badRequest, "BAD_JSON", "the body is not strict JSON: \(error)")
        }
    }

    private func bytes(of request: Request) async throws -> [UInt8] {
        let limit = limits.bodyBytes
        let tooLarge = Refusal(
            .contentTooLarge, "BODY_TOO_LARGE", "the body has more than \(limit) bytes"
        ).unread
        if let told = request.headers[.contentLength].flatMap({ Int($0) }), told > limit {
            throw tooLarge
        }
        return try await withThrowingTaskGroup(of: [UInt8].self) { [limits] group in
            group.addTask {
                var bytes: [UInt8] = []
                for try await piece in request.body {
                    guard bytes.count + piece.readableBytes <= limit else { throw tooLarge }
                    bytes += piece.readableBytesView
                }
                return bytes
            }
            group.addTask {
                try await Task.sleep(for: limits.bodyTime)
                throw Refusal(.requestTimeout, "BODY_TOO_SLOW", "the body took too long").unread
            }
            defer { group.cancelAll() }
            guard let bytes = try await group.next() else { throw CancellationError() }
            return bytes
        }
    }
}
