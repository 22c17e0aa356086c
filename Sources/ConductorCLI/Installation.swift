import Embedding
import Foundation
import ModelClients
import Retrieval

/// What belongs to the user and to no root: models, and what is derived from them.
struct Installation {
    /// The folder of everything that may be deleted at any time.
    let cache: String
    let models: LocalModels
    private let environment: [String: String]

    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.environment = environment
        let caches =
            environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
            ?? (environment["HOME"] ?? NSHomeDirectory()) + "/.cache"
        cache = caches + "/conductor"
        models = LocalModels(folder: environment["CONDUCTOR_MODELS"] ?? cache + "/models")
    }

    /// Opens the embedder of an ID, with the static one beside it where that is installed.
    ///
    /// A static one that is damaged is told and left out: it must not take the other's place away.
    /// - Throws: `EmbeddingError`, `CancellationError`.
    func embedders(named id: String) async throws -> EmbedderAvailability {
        let main = try await embedder(named: id)
        guard !(main is StaticEmbedder), models.isInstalled(LocalModels.companionName) else {
            return .ready(main)
        }
        do throws(EmbeddingError) {
            return .ready(main, companion: try models.embedder(named: LocalModels.companionName))
        } catch {
            Console.note("degraded: \(LocalModels.companionName) is not used: \(error.reason)")
            return .ready(main)
        }
    }

    /// Opens the embedder of an ID.
    ///
    /// - Parameters:
    ///   - id: the ID.
    ///   - sharesSingleTexts: as for `TransformerEmbedder`: for commands that only embed. A search
    ///     looks for words meanwhile.
    /// - Returns: the embedder.
    /// - Throws: `EmbeddingError`, `CancellationError`.
    func embedder(
        named id: String, sharesSingleTexts: Bool = false
    ) async throws -> any Embedder {
        guard id.hasPrefix("ollama:") else {
            return try models.embedder(named: id, sharesSingleTexts: sharesSingleTexts)
        }
        let catalog = ModelCatalog(Settings.modelSettings(environment))
        return try await catalog.embedder(named: id)
    }
}
