internal import HTTPTypes
public import Hummingbird
public import Logging
internal import NIOCore
internal import Orchestration
internal import Store
internal import StrictJSON

/// The HTTP service: every operation of a desk, MCP at `/mcp`, health and figures.
public struct HTTPService: Sendable {
    private let desk: Desk
    private let gate: RequestGate
    private let figures = ServiceFigures()
    private let endpoints: EndpointCatalog
    private let mcp: MCPEndpoint
    private let openAPI: OpenAPI
    private let limits: ServiceLimits
    private let version: String
    private let runner: OperationRunner

    /// A service of a desk.
    ///
    /// - Parameters:
    ///   - desk: what is served.
    ///   - token: what clients must know.
    ///   - version: the program's version.
    ///   - limits: every limit.
    /// - Throws: where a reply's type cannot tell its form.
    public init(
        desk: Desk, token: TokenFile, version: String, limits: ServiceLimits = ServiceLimits()
    ) throws {
        let operations = try OperationCatalog()
        self.desk = desk
        self.version = version
        self.limits = limits
        gate = RequestGate(token: token, limits: limits)
        endpoints = EndpointCatalog(operations)
        openAPI = OpenAPI(endpoints, version: version)
        runner = OperationRunner(desk: desk, limits: limits)
        mcp = MCPEndpoint(
            MCPServer(runner: runner, catalog: try ToolCatalog(operations), version: version),
            batchLimit: limits.batchMessages)
    }

    /// The service as one that a group of services runs and stops.
    ///
    /// - Parameters:
    ///   - host: a loopback address.
    ///   - port: 0 takes a free one.
    ///   - logger: told what Hummingbird has to say; never what clients send.
    ///   - onRunning: called with the port once it listens.
    /// - Returns: the service; it finishes the requests at work before it stops.
    public func application(
        host: String, port: Int, logger: Logger, onRunning: @escaping @Sendable (Int) -> Void
    ) -> some ApplicationProtocol {
        let gate = gate
        return Application(
            router: router(),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [HeaderTimeout(limits.headerTime)],
                    idleTimeout: .init(limits.idleTime),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: limits.headerBytes,
                        maxHeaderListSize: limits.headerBytes,
                        maxHeaderFieldCount: limits.headerFields))),
            configuration: .init(
                address: .hostname(host, port: port), backlog: 256,
                availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                gate.open(port: port)
                onRunning(port)
            }, logger: logger)
    }

    // MARK: Routes

    private typealias Work = @Sendable (Request, ServiceContext) async throws -> Response

    private func router() -> Router<ServiceContext> {
        var routes: [String: [(method: HTTPRequest.Method, work: Work)]] = [
            "/healthz": [(.get, { _, _ in Reply.json(.object(["status": .string("ok")])) })],
            "/readyz": [(.get, { _, _ in try ready() })],
            "/metrics": [(.get, { _, _ in metrics() })],
            "/openapi.json": [(.get, { _, _ in Reply.json(openAPI.document) })],
            "/mcp": [(.post, { request, _ in try await mcp(request) })],
        ]
        for endpoint in endpoints.endpoints {
            routes[endpoint.path, default: []].append(
                (endpoint.method, { try await serve(endpoint, $0, $1) }))
        }
        let router = Router(context: ServiceContext.self)
        let table = RouteTable(routes.mapValues { $0.map(\.method) })
        router.add(middleware: GateMiddleware(gate: gate, figures: figures, table: table))
        for (path, methods) in routes {
            for method in methods {
                router.on(RouterPath(path), method: method.method, use: method.work)
            }
        }
        return router
    }

    private func serve(
        _ endpoint: Endpoint, _ request: Request, _ context: ServiceContext
    ) async throws -> Response {
        var members: [String: JSONValue]
        do {
            members = try pathMembers(of: endpoint, context)
        } catch {
            throw Refusal(error).unread
        }
        let others: JSONValue
        if endpoint.hasBody {
            others = try await BodyReader(limits: limits).value(of: request)
        } else {
            others = .object(
                try QueryString.members(
                    request.uri.query ?? "", typedBy: endpoint.otherMembers))
        }
        _ = try Arguments(others, of: endpoint.otherSchema)
        members.merge(others.object ?? [:]) { $1 }
        return Reply.json(try await runner.run(endpoint.operation, .object(members)))
    }

    /// What stands in the path, decoded, checked and under the operation's own names.
    private func pathMembers(
        of endpoint: Endpoint, _ context: ServiceContext
    ) throws -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        for member in endpoint.pathMembers {
            let raw = context.parameters.get(member.name) ?? ""
            members[member.name] = .string(
                try QueryString.decoded(raw.utf8, plusIsSpace: false))
        }
        _ = try Arguments(.object(members), of: endpoint.pathSchema)
        return endpoint.prepare(members)
    }

    private func mcp(_ request: Request) async throws -> Response {
        let accepted = request.headers[.accept]?.lowercased() ?? "*/*"
        guard ["application/json", "application/*", "*/*"].contains(where: accepted.contains) else {
            throw Refusal(
                .notAcceptable, "NOT_ACCEPTABLE", "answers are application/json"
            ).unread
        }
        let body: JSONValue
        do {
            body = try await BodyReader(limits: limits).value(of: request)
        } catch let refusal as Refusal where refusal.failure.code == "BAD_JSON" {
            let error = RPCError(code: .parse, message: refusal.failure.message)
            return Reply.json(error.reply(to: .null), status: .badRequest)
        }
        let answer = await mcp.answer(to: body, request.headers)
        guard let value = answer.body else { return Response(status: answer.status) }
        return Reply.json(value, status: answer.status)
    }

    private func ready() throws -> Response {
        do {
            let figures = try desk.reader().figures(fingerprint: nil)
            return Reply.json(
                .object([
                    "status": .string("ready"), "generation": .integer(Int64(figures.generation)),
                ]))
        } catch {
            throw Refusal(
                .serviceUnavailable, "NOT_READY", "there is no memory that can be read yet")
        }
    }

    private func metrics() -> Response {
        let memory: MemoryFigures?
        do {
            let reader = try desk.reader()
            memory = try reader.figures(fingerprint: try reader.meta(VectorRole.main.metaName))
        } catch {
            // No memory yet: the service's own figures still count.
            memory = nil
        }
        return Reply.text(
            figures.page(memory: memory, version: version),
            type: "text/plain; version=0.0.4; charset=utf-8")
    }
}
