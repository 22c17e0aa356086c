import Documents
import Foundation
import Hummingbird
import Logging
import Orchestration
import Retrieval
import Server
import Store
import TestSupport

/// A service over a memory of its own, on a real port.
final class ServiceRoom: Sendable {
    let folder: TemporaryFolder
    let memory: MemoryPaths
    let port: Int
    let token: String
    private let running: Task<Void, any Error>

    static let page =
        "# Widgets\n\n## Diagnosis\n\n1. List the widgets with `kubectl get widgets`.\n"

    init(
        pages: [String: String] = ["runbooks/widgets.md": page],
        _ change: (inout ServiceLimits) -> Void = { _ in }
    ) async throws {
        folder = try TemporaryFolder()
        memory = try MemoryPaths(root: folder.path)
        let none = EmbedderAvailability.unavailable(reason: "none in tests")
        if !pages.isEmpty {
            for (name, text) in pages { try folder.write(text, to: name) }
            let library = try Library(memory, embedder: none)
            _ = try await library.index(
                IndexRequest(paths: [folder.path + "/runbooks"]), now: .now)
        }
        try AtomicFile.makeFolder(memory.folder)
        let file = try TokenFile(memory.folder + "/http.token")
        token = try String(contentsOfFile: file.path, encoding: .utf8)
            .trimmingCharacters(in: .newlines)
        var limits = ServiceLimits()
        change(&limits)
        let redactor = Redactor()
        let planning = Planning(
            memory: memory, embedder: none, definition: AgentDefinition(),
            catalog: { name throws(ModelError) in throw .notConfigured("no model \(name)") },
            redactor: redactor)
        let desk = Desk(
            memory: memory, embedder: none, definition: AgentDefinition(), planning: planning,
            redactor: redactor, planLimit: .seconds(5), news: { _ in })
        let service = try HTTPService(desk: desk, token: file, version: "test", limits: limits)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let (ports, announced) = AsyncStream<Int>.makeStream()
        let application = service.application(host: "127.0.0.1", port: 0, logger: logger) {
            announced.yield($0)
        }
        running = Task { try await application.run() }
        port = await ports.first { _ in true } ?? 0
    }

    deinit {
        running.cancel()
    }

    /// Sends a request with the token.
    func send(
        _ method: String, _ target: String, _ headers: [String] = [], body: String? = nil
    ) async -> RawReply {
        await RawHTTP.exchange(
            port: port,
            [
                RawHTTP.request(
                    method, target, port: port, token: token, headers, body: body)
            ], patience: 120)
    }

    /// Sends just these bytes.
    func raw(_ pieces: String..., patience: Int = 120, awaiting answer: String? = nil) async
        -> RawReply
    {
        await RawHTTP.exchange(port: port, pieces, patience: patience, awaiting: answer)
    }
}
