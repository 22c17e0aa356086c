import Documents
import Foundation
import Glibc
import ModelClients
import Orchestration
import Retrieval
import Server

extension Settings {
    /// Planning over this memory, with the models that the environment opens.
    func planning(embedder: EmbedderAvailability, redactor: Redactor) -> Planning {
        Planning(
            memory: memory, embedder: embedder, definition: definition, catalog: catalog,
            redactor: redactor)
    }

    /// A reranker with a model that the environment opens; nil where no model is chosen.
    func reranker(
        _ choice: PlannerChoice, within limit: Duration,
        news: @escaping @Sendable (PlanningNews) -> Void
    ) -> (any Reranker)? {
        ModelReranker(
            choice, policy: definition, catalog: catalog, redactor: Redactor(), limit: limit,
            news: news)
    }

    private var catalog: PlannerChain.Catalog {
        let catalog = ModelCatalog(Self.modelSettings(ProcessInfo.processInfo.environment))
        return { name throws(ModelError) in try catalog.model(named: name) }
    }

    /// What the services serve: this memory, with its secrets left out of every reply.
    func desk(planLimit: Duration, limits: ServiceLimits = ServiceLimits()) async throws -> Desk {
        let embedder = try await embedder()
        let redactor = Redactor()
        return Desk(
            memory: memory, embedder: embedder, definition: definition,
            planning: planning(embedder: embedder, redactor: redactor), redactor: redactor,
            planLimit: planLimit, limits: limits, news: PlanningConsole(isForService: true).show)
    }

    /// Where models listen, and the key, from the environment.
    static func modelSettings(_ environment: [String: String]) -> ModelSettings {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        var settings = ModelSettings()
        settings.anthropicBaseURL = value("ANTHROPIC_BASE_URL") ?? settings.anthropicBaseURL
        settings.ollamaHost = value("OLLAMA_HOST") ?? settings.ollamaHost
        settings.allowsRemoteOllama = value("CONDUCTOR_REMOTE_OLLAMA") == "1"
        if let text = value("ANTHROPIC_API_KEY") {
            settings.anthropicKey =
                Secret(text).map { .key($0) } ?? .missing("ANTHROPIC_API_KEY is no key")
        } else {
            let home = value("XDG_CONFIG_HOME") ?? (value("HOME") ?? NSHomeDirectory()) + "/.config"
            settings.anthropicKey = key(
                in: value("CONDUCTOR_ANTHROPIC_KEY_FILE") ?? home + "/conductor/anthropic.key")
        }
        return settings
    }

    /// The key in a file that nobody else can read.
    private static func key(in path: String) -> ModelSettings.KeySource {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            return .missing(
                errno == ENOENT
                    ? "no key: set ANTHROPIC_API_KEY, or write it to \(path) with mode 0600"
                    : "\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return .missing("\(path) is no file")
        }
        guard status.st_mode & 0o077 == 0, status.st_uid == getuid() else {
            return .missing("\(path) can be read by others; chmod 600 \(path)")
        }
        do {
            let bytes = try file.read(upToCount: 4096) ?? Data()
            return Secret(String(decoding: bytes, as: UTF8.self)).map { .key($0) }
                ?? .missing("\(path) holds no key")
        } catch {
            return .missing("\(path) cannot be read: \(error)")
        }
    }
}
