internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Orchestration
internal import StrictJSON

/// Responses of the service.
enum Reply {
    /// A JSON value.
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        bytes(value.canonicalBytes + [0x0A], type: "application/json", status: status)
    }

    /// Plain text of some kind.
    static func text(_ text: String, type: String) -> Response {
        bytes(Array(text.utf8), type: type, status: .ok)
    }

    /// A refusal, in the form that every door's errors have.
    ///
    /// Where a body is left unread, the connection ends after the response.
    static func refusal(_ refusal: Refusal, closing channel: (any Channel)? = nil) -> Response {
        var response = json(refusal.failure.json, status: refusal.status)
        switch refusal.status {
        case .unauthorized: response.headers[.wwwAuthenticate] = "Bearer"
        case .conflict, .tooManyRequests: response.headers[.retryAfter] = "1"
        default: break
        }
        if let allowed = refusal.allowed { response.headers[.allow] = allowed }
        guard let channel else { return response }
        response.headers[.connection] = "close"
        let body = response.body
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            try await body.write(writer)
            channel.close(mode: .all, promise: nil)
        }
        return response
    }

    private static func bytes(
        _ bytes: [UInt8], type: String, status: HTTPResponse.Status
    ) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: type, .cacheControl: "no-store",
                .xContentTypeOptions: "nosniff", .contentLength: String(bytes.count),
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
