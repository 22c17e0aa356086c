import Embedding
import Foundation
import Retrieval
import Store

extension Settings {
    /// Opens the embedder of an ID, for a command that only embeds.
    ///
    /// - Throws: `EmbeddingError`, `CancellationError`.
    func embedder(named id: String) async throws -> any Embedder {
        try await installation.embedder(named: id, sharesSingleTexts: true)
    }

    /// The embedder that the memory's vectors were made with, the default one where it has none,
    /// or why there is none.
    func embedder() async throws -> EmbedderAvailability {
        do {
            return try await installation.embedders(
                named: knownEmbedder() ?? LocalModels.defaultName)
        } catch let error as EmbeddingError {
            return .unavailable(reason: error.reason)
        }
    }

    /// The ID of the embedder that made the memory's vectors last.
    private func knownEmbedder() -> String? {
        guard FileManager.default.fileExists(atPath: memory.database) else { return nil }
        do {
            return try MemoryReader(memory).meta(VectorRole.main.metaName).map {
                EmbedderFingerprint(rawValue: $0).embedderID
            }
        } catch {
            // Whoever opens the memory in earnest mends it, or says what is wrong with it.
            return nil
        }
    }
}
