import Embedding
import Kernels
import Synchronization

/// The hashing embedder, which notes what it was asked.
final class NotingEmbedder: Embedder {
    private let embedder = HashingEmbedder()
    private let asked = Mutex<[String]>([])

    /// All texts that were embedded, in order.
    var texts: [String] { asked.withLock { $0 } }

    var fingerprint: EmbedderFingerprint { embedder.fingerprint }
    var dimension: Int { embedder.dimension }
    var maximumTokenCount: Int { embedder.maximumTokenCount }

    func tokenCount(of text: String) -> Int { embedder.tokenCount(of: text) }

    func embed(_ texts: [String], longTexts: LongTextRule) async throws -> FloatRows {
        asked.withLock { $0 += texts }
        return try await embedder.embed(texts, longTexts: longTexts)
    }
}
