internal import Orchestration
internal import StrictJSON
internal import Synchronization

/// MCP on two file descriptors: one message a line, and nothing else on the second.
public struct MCPStdio: Sendable {
    private let server: MCPServer
    private let output: LineWriter

    /// A longer line is answered with an error and skipped.
    private static let lineLimit = 4 << 20

    /// A server of a desk.
    ///
    /// - Parameters:
    ///   - desk: what is served.
    ///   - version: the program's version.
    ///   - output: where answers go; the caller has made sure that nothing else does.
    /// - Throws: where a reply's type cannot tell its form.
    public init(desk: Desk, version: String, output: Int32) throws {
        server = MCPServer(
            runner: OperationRunner(desk: desk, limits: ServiceLimits.oneClient),
            catalog: try ToolCatalog(try OperationCatalog()), version: version)
        self.output = LineWriter(descriptor: output)
    }

    /// Answers what comes on `input` until it ends; then what was read is still answered.
    ///
    /// - Returns: when everything is answered, or nobody reads the answers any more.
    public func run(input: Int32) async {
        let session = Session()
        await withDiscardingTaskGroup { group in
            for await line in LineReader(descriptor: input, limit: Self.lineLimit).lines {
                guard output.isOpen else { break }
                guard let work = accept(line, session) else { continue }
                group.addTask { await work.value }
            }
        }
    }

    /// Begins the work that a line asks for; nil where there is none.
    ///
    /// Called for one line after another, so that a handshake counts for the next line.
    private func accept(_ line: Line, _ session: Session) -> Task<Void, Never>? {
        let value: JSONValue
        do throws(JSONError) {
            value = try line.value(limit: Self.lineLimit)
        } catch {
            output.write(RPCError(code: .parse, message: "\(error)").reply(to: .null))
            return nil
        }
        // The revision of 2025-03-26 may send several messages as one array.
        if case .array(let batch) = value, !batch.isEmpty,
            batch.count <= ServiceLimits.oneClient.batchMessages, session.isInitialized
        {
            let parts = batch.compactMap { begin($0, session) }
            return Task { [output] in
                var replies: [JSONValue] = []
                for part in parts { if let reply = await part.value { replies.append(reply) } }
                if !replies.isEmpty { output.write(.array(replies)) }
            }
        }
        return begin(value, session).map { work in
            Task { [output] in if let reply = await work.value { output.write(reply) } }
        }
    }

    /// Begins what a message asks for; the task's value is the reply, nil where there is none.
    private func begin(_ value: JSONValue, _ session: Session) -> Task<JSONValue?, Never>? {
        let message: RPCMessage
        do throws(RPCFault) {
            message = try RPCMessage(value)
        } catch {
            let reply = error.error.reply(to: error.id)
            return Task { reply }
        }
        switch message {
        case .response: return nil
        case .notification(let method, let params):
            if method == "notifications/cancelled", let id = params["requestId"] {
                session.cancel(id)
            }
            return nil
        case .request(let id, let method, let params):
            let isHandshake = method == "initialize" && MCPRevision.version(of: params) == nil
            if isHandshake, params["protocolVersion"]?.string != nil { session.initialize() }
            let isModern =
                MCPRevision.version(of: params) != nil
                || !(session.isInitialized || isHandshake || method == "ping")
            return session.begin(id) { await answer(id, method, params, isModern: isModern) }
        }
    }

    private func answer(
        _ id: JSONValue, _ method: String, _ params: JSONValue, isModern: Bool
    ) async -> JSONValue {
        do throws(RPCError) {
            let result =
                isModern
                ? try await server.modernResult(method, params)
                : try await server.handshakeResult(method, params)
            return .object(["jsonrpc": .string("2.0"), "id": id, "result": result])
        } catch {
            return error.reply(to: id)
        }
    }
}

/// Which era the client chose, and what is at work for it; the mutex guards both.
private final class Session: Sendable {
    private struct State {
        var isInitialized = false
        var tasks: [String: Task<JSONValue?, Never>] = [:]
    }

    private let state = Mutex(State())

    var isInitialized: Bool { state.withLock { $0.isInitialized } }

    func initialize() {
        state.withLock { $0.isInitialized = true }
    }

    /// Begins the work for a request; who cancels it gets no answer.
    func begin(
        _ id: JSONValue, _ work: @escaping @Sendable () async -> JSONValue
    ) -> Task<JSONValue?, Never> {
        let name = Self.name(id)
        return state.withLock { state in
            let task = Task {
                let reply = await work()
                self.state.withLock { $0.tasks[name] = nil }
                return Task.isCancelled ? nil : reply
            }
            state.tasks[name] = task
            return task
        }
    }

    func cancel(_ id: JSONValue) {
        state.withLock { $0.tasks[Self.name(id)] }?.cancel()
    }

    private static func name(_ id: JSONValue) -> String {
        String(decoding: id.canonicalBytes, as: UTF8.self)
    }
}
