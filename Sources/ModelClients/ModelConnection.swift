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

    private static let answerLimit = 8 << 20
    private static let errorLimit = 64 << 10

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
        let end = ContinuousClock.now.advanced(by: limit)
        var request = HTTPClientRequest(url: address.base + path)
        request.method = .POST
        request.headers = HTTPHeaders(headers + [("content-type", "application/json")])
        request.body = .bytes(body)
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: Self.configuration(limit))
        let outcome: Result<ModelAnswer, ModelError>
        do {
            outcome = .success(
                try await Self.race(until: end) { [request] in
                    try await attempts(request, body, client, end, decoder, progress)
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

    private func attempts(
        _ request: HTTPClientRequest, _ body: [UInt8], _ client: HTTPClient,
        _ end: ContinuousClock.Instant, _ decoder: @Sendable () -> any AnswerDecoder,
        _ progress: @Sendable (ModelProgress) -> Void
    ) async throws -> ModelAnswer {
        var attempt = 0
        while true {
            progress(.sending(Egress(host: address.host, body: body)))
            do {
                return try await exchange(request, client, decoder(), progress)
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

    private func exchange(
        _ request: HTTPClientRequest, _ client: HTTPClient, _ decoder: any AnswerDecoder,
        _ progress: @Sendable (ModelProgress) -> Void
    ) async throws -> ModelAnswer {
        let response = try await client.execute(request, timeout: .hours(24))
        guard response.status == .ok else { throw try await refusal(response) }
        let type = response.headers.first(name: "content-type") ?? "nothing"
        let expected = Swift.type(of: decoder).contentType
        guard type.lowercased().hasPrefix(expected) else {
            throw ModelError.malformed("\(type.prefix(60)) instead of \(expected)")
        }
        guard response.headers.first(name: "content-encoding") == nil else {
            throw ModelError.malformed("a compressed stream")
        }
        return try await read(response.body, into: decoder, progress)
    }

    private func read(
        _ body: HTTPClientResponse.Body, into decoder: any AnswerDecoder,
        _ progress: @Sendable (ModelProgress) -> Void
    ) async throws -> ModelAnswer {
        var decoder = decoder
        var lines = LineDecoder()
        var received = 0
        do {
            for try await piece in body {
                received += piece.readableBytes
                guard received <= Self.answerLimit else {
                    throw ModelError.malformed("more than \(Self.answerLimit) bytes")
                }
                for line in try lines.lines(in: piece) where !decoder.isComplete {
                    try decoder.take(line)
                }
                if decoder.isComplete { break }
                progress(.receiving(characterCount: decoder.characterCount))
            }
            if !decoder.isComplete { try decoder.take(lines.finished()) }
        } catch let error as HTTPClientError where !Self.isTimeUp(error) {
            throw ModelError.cut(error.shortDescription)
        } catch let error as IOError {
            throw ModelError.cut(error.words)
        } catch let error as HTTPParserError {
            throw ModelError.cut("\(error)")
        }
        return try decoder.answer()
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
        return refusal
    }

    /// The service's words on one short line, without the key.
    private func clean(_ message: String) -> String {
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
    private static func race(
        until end: ContinuousClock.Instant,
        _ body: @escaping @Sendable () async throws -> ModelAnswer
    ) async throws -> ModelAnswer {
        try await withThrowingTaskGroup(of: ModelAnswer.self) { group in
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
