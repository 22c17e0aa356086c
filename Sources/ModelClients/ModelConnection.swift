internal import AsyncHTTPClient
internal import Documents
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Orchestration

/// Sends requests to one service, with every limit set: time, size, no redirects, no proxies.
struct ModelConnection: Sendable {
    let address: ServiceAddress
    let key: Secret?

    /// The most bytes of a reply.
    static let replyLimit = 8 << 20
    private static let errorLimit = 64 << 10

    /// What is sent.
    struct Outgoing: Sendable {
        /// Below the address.
        let path: String
        /// JSON to post; nil asks by GET.
        let body: [UInt8]?
        /// Besides the content's type.
        var headers: [(String, String)] = []
    }

    /// Sends a request and reads what is answered, within a time and with retries.
    ///
    /// - Parameters:
    ///   - outgoing: what to send.
    ///   - limit: the most time for all of it.
    ///   - progress: called for every piece of news.
    ///   - read: reads a reply whose status is 200; called once for each try.
    /// - Returns: what `read` returned.
    /// - Throws: `ModelError`; `.timedOut` where the task was cancelled too.
    func send<Reply: Sendable>(
        _ outgoing: Outgoing, within limit: Duration,
        progress: @escaping @Sendable (ModelProgress) -> Void = { _ in },
        read: @escaping @Sendable (HTTPClientResponse) async throws -> Reply
    ) async throws(ModelError) -> Reply {
        let end = ContinuousClock.now.advanced(by: limit)
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: Self.configuration(limit))
        let outcome: Result<Reply, ModelError>
        do {
            outcome = .success(
                try await Self.race(until: end) {
                    try await attempts(outgoing, client, end, progress, read)
                })
        } catch {
            outcome = .failure(self.error(from: error))
        }
        do {
            try await client.shutdown()
        } catch {
            // What was read is whole or was refused; a connection that would not close changes nothing.
        }
        return try outcome.get()
    }

    private static func configuration(_ limit: Duration) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.proxy = nil
        configuration.decompression = .disabled
        // A service that loads a model, or reads a long prompt, says nothing for minutes.
        configuration.timeout = .init(connect: .seconds(5), read: TimeAmount(limit))
        configuration.httpVersion = .http1Only
        // Whoever is on call would rather have the next planner than a second try.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private func attempts<Reply: Sendable>(
        _ outgoing: Outgoing, _ client: HTTPClient, _ end: ContinuousClock.Instant,
        _ progress: @Sendable (ModelProgress) -> Void,
        _ read: @Sendable (HTTPClientResponse) async throws -> Reply
    ) async throws -> Reply {
        let request = request(outgoing)
        var attempt = 0
        while true {
            if let body = outgoing.body {
                progress(.sending(Egress(host: address.host, body: body)))
            }
            do {
                let response = try await client.execute(request, timeout: .hours(24))
                guard response.status == .ok else { throw try await refusal(response) }
                return try await read(response)
            } catch let refusal as ServiceRefusal {
                attempt += 1
                let wait = RetryRule.wait(
                    after: refusal, attempt: attempt - 1, chance: .random(in: 0...1))
                guard refusal.isTransient, attempt < RetryRule.attempts,
                    ContinuousClock.now.advanced(by: wait) < end
                else { throw refusal }
                progress(.waiting(wait, because: clean(refusal.message)))
                try await Task.sleep(for: wait)
            }
        }
    }

    private func request(_ outgoing: Outgoing) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: address.base + outgoing.path)
        request.headers = HTTPHeaders(outgoing.headers)
        if let body = outgoing.body {
            request.method = .POST
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(body)
        }
        return request
    }

    /// Refuses a reply of another type than expected, or a packed one.
    static func check(_ response: HTTPClientResponse, is expected: String) throws(ModelError) {
        let type = response.headers.first(name: "content-type") ?? "nothing"
        guard type.lowercased().hasPrefix(expected) else {
            throw .malformed("\(type.prefix(60)) instead of \(expected)")
        }
        guard response.headers.first(name: "content-encoding") == nil else {
            throw .malformed("a compressed stream")
        }
    }

    /// Hands over the pieces of a body, until one is the last that is wanted.
    ///
    /// - Parameters:
    ///   - body: what is answered.
    ///   - take: takes a piece; says whether more are wanted.
    /// - Throws: `ModelError.cut`, `.malformed` for too many bytes, and what `take` throws.
    static func pieces(
        of body: HTTPClientResponse.Body, take: (ByteBuffer) throws -> Bool
    ) async throws {
        var received = 0
        do {
            for try await piece in body {
                received += piece.readableBytes
                guard received <= replyLimit else {
                    throw ModelError.malformed("more than \(replyLimit) bytes")
                }
                guard try take(piece) else { return }
            }
        } catch let error as HTTPClientError where !isTimeUp(error) {
            throw ModelError.cut(error.shortDescription)
        } catch let error as IOError {
            throw ModelError.cut(error.words)
        } catch let error as HTTPParserError {
            throw ModelError.cut("\(error)")
        }
    }

    private func refusal(_ response: HTTPClientResponse) async throws -> ServiceRefusal {
        var bytes: [UInt8] = []
        do {
            for try await piece in response.body {
                bytes += piece.readableBytesView
                if bytes.count >= Self.errorLimit { break }
            }
        } catch let error as HTTPClientError where Self.isTimeUp(error) {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            // The status counts, however much of its explanation came.
        }
        let told = ErrorBody(bytes)
        func header(_ name: String) -> String? { response.headers.first(name: name) }
        var refusal = ServiceRefusal(
            status: Int(response.status.code),
            message: clean(told.message ?? response.status.reasonPhrase))
        refusal.retryAfter = RetryRule.wait(
            milliseconds: header("retry-after-ms"), after: header("retry-after"), now: .now)
        refusal.shouldRetry = header("x-should-retry").map { $0 == "true" }
        // A spend limit ends with the month, not with a wait.
        if told.code == "enforced_spend_limit_reached" { refusal.shouldRetry = false }
        // Some services answer 500 to a text that will never fit.
        if ErrorBody.saysTooLong(refusal.message) { refusal.shouldRetry = false }
        return refusal
    }

    /// The service's words on one short line, without the key.
    func clean(_ message: String) -> String {
        let line = message.split { $0.isWhitespace || !($0.isASCII || $0.isLetter) }
            .joined(separator: " ")
        return String((key?.scrubbed(from: line) ?? line).prefix(200))
    }

    /// The client's own clocks have the same limit as ours, and may ring first.
    private static func isTimeUp(_ error: HTTPClientError) -> Bool {
        [.cancelled, .readTimeout, .deadlineExceeded].contains(error)
    }

    /// The error with every word of the service's cleaned.
    private func cleaned(_ error: ModelError) -> ModelError {
        switch error {
        case .overloaded(let status, let why): .overloaded(status: status, clean(why))
        case .rejected(let status, let why): .rejected(status: status, clean(why))
        case .unreachable(let why): .unreachable(clean(why))
        case .refused(let why): .refused(clean(why))
        case .cut(let why): .cut(clean(why))
        case .malformed(let why): .malformed(clean(why))
        case .notConfigured, .answerTooLong, .contextTruncated, .unusable, .timedOut: error
        }
    }

    private func error(from error: any Error) -> ModelError {
        switch error {
        case let error as ModelError: cleaned(error)
        case let refusal as ServiceRefusal: cleaned(refusal.error)
        case is CancellationError: .timedOut
        case let error as HTTPClientError where Self.isTimeUp(error): .timedOut
        case let error as HTTPClientError: .unreachable(error.shortDescription)
        case let error as NIOConnectionError:
            .unreachable(
                error.connectionErrors.first.map { ($0.error as? IOError)?.words ?? "\($0.error)" }
                    ?? "no such host")
        case let error as IOError: .unreachable(error.words)
        default: .unreachable(clean("\(error)"))
        }
    }

    /// Runs `body` until it ends or the time is up.
    private static func race<Reply: Sendable>(
        until end: ContinuousClock.Instant,
        _ body: @escaping @Sendable () async throws -> Reply
    ) async throws -> Reply {
        try await withThrowingTaskGroup(of: Reply.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(until: end, clock: .continuous)
                throw ModelError.timedOut
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw ModelError.timedOut }
            return first
        }
    }
}

extension IOError {
    /// What the system calls the error.
    fileprivate var words: String { String(cString: strerror(errnoCode)) }
}
