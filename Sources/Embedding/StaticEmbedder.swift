public import Kernels

/// A table of token vectors: a text's vector is the mean of its tokens' rows, at unit length.
///
/// Some thousand times quicker than a transformer and blind to the order of words: a companion of
/// full text search, not a replacement of either. A text of no tokens has the zero vector, whose
/// inner product with everything is 0.
///
/// - Source: WordLlama, https://github.com/dleemiller/WordLlama (weights, tokenizer, pooling).
public struct StaticEmbedder: Embedder {
    /// Changes whenever equal files would give other vectors.
    private static let version = "static-mean-l2/1 no window"
    /// Bytes of text in one batch; enough that a batch outweighs its task.
    private static let batchByteBudget = 1 << 15

    /// The space that the vectors live in.
    public let fingerprint: EmbedderFingerprint

    /// The length of each vector.
    public let dimension = 256

    /// No limit: every token counts.
    public let maximumTokenCount = Int.max

    private let tokenizer: BytePairTokenizer
    private let table: MappedHalves

    /// Opens a model's folder: `model.safetensors` with the F16 tensor `embedding.weight` of shape
    /// `[tokens, 256]`, `tokenizer.json` and, where the set-up wrote it, `SHA256SUMS`.
    ///
    /// - Throws: `EmbeddingError`.
    /// - Complexity: O(tokenizer.json); the table is mapped, not read. Without a `SHA256SUMS` that is
    ///   newer than the files they are hashed.
    public init(contentsOf folder: String) throws(EmbeddingError) {
        let weights = try SafetensorsFile(path: folder + "/model.safetensors")
        tokenizer = try BytePairTokenizer(contentsOf: folder + "/tokenizer.json")
        table = try weights.halves(
            "embedding.weight", shape: [tokenizer.vocabularyCount, dimension])
        fingerprint = try ModelFolder.fingerprint(
            of: folder, files: ["model.safetensors", "tokenizer.json"], version: Self.version)
    }

    /// The tokens of `text`; the model has no marks of its own.
    public func tokenCount(of text: String) -> Int {
        tokenizer.ids(of: text).count
    }

    /// One row for each text, in order.
    ///
    /// - Parameters:
    ///   - texts: what to embed.
    ///   - longTexts: of no effect, because no text is too long.
    /// - Returns: rows of length 1, and of zeros for texts of no tokens.
    /// - Throws: nothing; the protocol allows others to.
    /// - Complexity: O(tokens · dimension), and n log n in the scalars of the longest word. Texts are
    ///   split over the processors; a row's bits do not depend on the others.
    @concurrent
    public func embed(_ texts: [String], longTexts: LongTextRule) async throws -> FloatRows {
        await embedBatches(texts)
    }

    /// The token ids of `text`.
    package func tokenIDs(of text: String) -> [Int32] {
        tokenizer.ids(of: text)
    }

    private func embedBatches(_ texts: [String]) async -> FloatRows {
        let batches = Self.batches(of: texts)
        guard batches.count > 1 else { return rows(of: texts[...]) }
        let parts = await withTaskGroup(of: (index: Int, rows: FloatRows).self) { group in
            for (index, range) in batches.enumerated() {
                group.addTask { (index, rows(of: texts[range])) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var vectors = FloatRows(dimension: dimension, count: 0)
        for part in parts.sorted(by: { $0.index < $1.index }) {
            vectors.append(contentsOf: part.rows)
        }
        return vectors
    }

    /// Unit length makes the mean of rows and their sum the same.
    private func rows(of texts: ArraySlice<String>) -> FloatRows {
        var vectors = FloatRows(dimension: dimension, count: texts.count)
        for (row, text) in texts.enumerated() {
            vectors.addSum(of: table, at: tokenizer.ids(of: text), to: row)
        }
        vectors.normalize()
        return vectors
    }

    /// Runs of texts whose bytes keep to the budget, at least one text each.
    private static func batches(of texts: [String]) -> [Range<Int>] {
        var batches: [Range<Int>] = []
        var (start, bytes) = (0, 0)
        for (index, text) in texts.enumerated() {
            bytes += text.utf8.count
            if bytes >= batchByteBudget {
                batches.append(start..<index + 1)
                (start, bytes) = (index + 1, 0)
            }
        }
        if start < texts.count { batches.append(start..<texts.count) }
        return batches
    }
}
