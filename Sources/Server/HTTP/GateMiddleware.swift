internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Orchestration

/// Stands before every route: lets in what may come in, counts it, and answers every error in one
/// form.
struct GateMiddleware: RouterMiddleware {
    let gate: RequestGate
    let figures: ServiceFigures
    let table: RouteTable

    private let started = ContinuousClock.now

    /// Routes that tell nothing of the memory.
    private static let open: Set<String> = ["/healthz", "/readyz"]

    init(gate: RequestGate, figures: ServiceFigures, table: RouteTable) {
        self.gate = gate
        self.figures = figures
        self.table = table
    }

    @concurrent
    func handle(
        _ request: Request, context: ServiceContext,
        next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let started = ContinuousClock.now
        figures.begin()
        var response = await respond(request, context, next)
        if request.method == .head { response.body = ResponseBody() }
        let route = context.endpointPath ?? "none"
        let duration = ContinuousClock.now - started
        figures.end(
            route: route, method: request.method.rawValue, status: Int(response.status.code),
            duration: duration)
        context.logger.info(
            "request",
            metadata: [
                "method": "\(request.method)", "route": "\(route)",
                "status": "\(response.status.code)",
                "milliseconds": "\(Int(duration / .milliseconds(1)))",
            ])
        return response
    }

    private func respond(
        _ request: Request, _ context: ServiceContext,
        _ next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async -> Response {
        do {
            do {
                try gate.check(
                    request.head, needsToken: !Self.open.contains(request.uri.path),
                    second: Int(started.duration(to: .now).components.seconds))
            } catch {
                throw error.unread
            }
            return try await next(request, context)
        } catch {
            let isMissing = (error as? HTTPError)?.status == .notFound
            let refusal = isMissing ? missing(request).unread : Refusal(error)
            // Waiting for a body that nobody reads would keep the connection.
            let hasBody =
                request.headers[.transferEncoding] != nil
                || (request.headers[.contentLength].map { $0 != "0" } ?? false)
            return Reply.refusal(
                refusal, closing: refusal.leavesBody && hasBody ? context.channel : nil)
        }
    }

    /// The refusal where no route has both the method and the path.
    private func missing(_ request: Request) -> Refusal {
        let methods = table.methods(at: request.uri.path).map(\.rawValue)
        guard !methods.isEmpty else {
            return Refusal(.notFound, "NOT_FOUND", "nothing is served at this path")
        }
        let names = methods.joined(separator: ", ")
        var refusal = Refusal(
            .methodNotAllowed, "METHOD_NOT_ALLOWED", "only \(names) is served here")
        refusal.allowed = names
        return refusal
    }
}
