internal import Crypto
internal import Foundation
public import Kernels
internal import StrictJSON

/// A sentence encoder that runs here: BERT layers, mean pooling, unit length.
///
/// - Source: Reimers and Gurevych, "Sentence-BERT", arXiv:1908.10084 (pooling).
public struct TransformerEmbedder: Embedder {
    /// Tokens in one batch; bounds the working memory to some MB a thread.
    private static let batchTokenBudget = 512
    /// Tokens that neighbouring windows share.
    private static let windowOverlap = 32
    /// Changes whenever equal weights would give other vectors.
    private static let version = "bert-mean-l2/1 window 256 overlap 32"

    /// The space that the vectors live in.
    public let fingerprint: EmbedderFingerprint

    /// The most tokens of one window, marks included: what the sentence model was trained on,
    /// which is less than its positions allow.
    public let maximumTokenCount = 256

    private let tokenizer: WordPieceTokenizer
    private let encoder: TransformerEncoder

    /// Opens a model's folder: `model.safetensors`, `vocab.txt`, `config.json` and, where the
    /// set-up wrote it, `SHA256SUMS`.
    ///
    /// - Throws: `EmbeddingError`.
    /// - Complexity: O(vocabulary); the weights are mapped, not read. Without a `SHA256SUMS` that
    ///   is newer than the weights they are hashed.
    public init(contentsOf folder: String) throws(EmbeddingError) {
        BLASThreads.useCallingThread()
        let weights = folder + "/model.safetensors"
        let file = try SafetensorsFile(path: weights)
        let shape = try Self.shape(at: folder + "/config.json")
        tokenizer = try WordPieceTokenizer(vocabulary: folder + "/vocab.txt")
        encoder = try TransformerEncoder(file, shape: shape)
        guard tokenizer.vocabularyCount <= shape.vocabularySize else {
            throw .malformed(path: folder, reason: "more words than \(shape.vocabularySize) rows")
        }
        guard shape.positionCount >= maximumTokenCount else {
            throw .malformed(path: folder, reason: "fewer positions than \(maximumTokenCount)")
        }
        fingerprint = try Self.fingerprint(
            name: URL(filePath: folder).lastPathComponent, folder: folder)
    }

    /// The length of each vector.
    public var dimension: Int { encoder.shape.hiddenSize }

    /// The tokens of `text`, the two marks included, before any truncation.
    public func tokenCount(of text: String) -> Int {
        tokenizer.pieces(of: text).count + 2
    }

    /// One unit row for each text, in order; never throws.
    @concurrent
    public func embed(_ texts: [String], longTexts: LongTextRule) async throws -> FloatRows {
        await embedBatches(texts, longTexts)
    }

    /// The token ids of `text` as the encoder reads them under `.truncate`.
    package func tokenIDs(of text: String) -> [Int32] {
        windows(of: text, .truncate)[0]
    }

    /// Batches run side by side, each on one thread; their sums are made in order, so that the
    /// vectors have the same bits whatever finishes first.
    private func embedBatches(_ texts: [String], _ rule: LongTextRule) async -> FloatRows {
        var windows: [(text: Int, ids: [Int32])] = []
        for (index, text) in texts.enumerated() {
            for ids in self.windows(of: text, rule) { windows.append((index, ids)) }
        }
        let batches = Self.batches(of: windows.map(\.ids.count))
        let pooled = await withTaskGroup(of: (Int, FloatRows).self) { group in
            for (index, range) in batches.enumerated() {
                let ids = windows[range].map(\.ids)
                group.addTask {
                    (index, encoder.encode(ids).meanPooled(lengths: ids.map(\.count)))
                }
            }
            return await group.reduce(into: [Int: FloatRows]()) { $0[$1.0] = $1.1 }
        }
        var vectors = FloatRows(dimension: dimension, count: texts.count)
        for (index, range) in batches.enumerated() {
            guard let rows = pooled[index] else { continue }
            for (row, window) in windows[range].enumerated() {
                vectors.addRow(rows[row], scaledBy: Float(window.ids.count), to: window.text)
            }
        }
        vectors.normalize()
        return vectors
    }

    /// Runs of windows whose tokens keep to the budget, at least one window each.
    private static func batches(of lengths: [Int]) -> [Range<Int>] {
        var batches: [Range<Int>] = []
        var (start, tokens) = (0, 0)
        for (index, length) in lengths.enumerated() {
            if index > start, tokens + length > batchTokenBudget {
                batches.append(start..<index)
                (start, tokens) = (index, 0)
            }
            tokens += length
        }
        if start < lengths.count { batches.append(start..<lengths.count) }
        return batches
    }

    /// The windows of a text, each between the two marks; at least one.
    private func windows(of text: String, _ rule: LongTextRule) -> [[Int32]] {
        let pieces = tokenizer.pieces(of: text)
        let room = maximumTokenCount - 2
        func marked(_ range: Range<Int>) -> [Int32] {
            [tokenizer.classify] + pieces[range] + [tokenizer.separate]
        }
        guard pieces.count > room else { return [marked(0..<pieces.count)] }
        guard rule == .windows else { return [marked(0..<room)] }
        var windows: [[Int32]] = []
        var start = 0
        while true {
            let end = min(start + room, pieces.count)
            windows.append(marked(start..<end))
            if end == pieces.count { return windows }
            start = end - Self.windowOverlap
        }
    }

    private static func shape(at path: String) throws(EmbeddingError) -> EncoderShape {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .modelMissing(path: path)
        }
        do {
            let shape = try StrictJSON.decode(EncoderShape.self, from: data)
            guard shape.isUsable else {
                throw EmbeddingError.malformed(path: path, reason: "unusable sizes")
            }
            return shape
        } catch let error as EmbeddingError {
            throw error
        } catch {
            throw .malformed(path: path, reason: "\(error)")
        }
    }

    private static func fingerprint(
        name: String, folder: String
    ) throws(EmbeddingError) -> EmbedderFingerprint {
        let recorded = recordedDigests(in: folder)
        var digests: [String] = []
        for file in ["model.safetensors", "vocab.txt", "config.json"] {
            if let digest = recorded[file] {
                digests.append(digest)
                continue
            }
            let path = folder + "/" + file
            let hash: SHA256Digest
            do {
                hash = SHA256.hash(
                    data: try Data(contentsOf: URL(filePath: path), options: .alwaysMapped))
            } catch {
                throw .modelMissing(path: path)
            }
            digests.append(hash.map { String(format: "%02x", $0) }.joined())
        }
        let space = SHA256.hash(data: Data((digests + [version]).joined(separator: "\n").utf8))
        let hex = space.prefix(8).map { String(format: "%02x", $0) }.joined()
        return EmbedderFingerprint(rawValue: "\(name):\(hex)")
    }

    /// The digests that the set-up verified, where they are newer than the files they speak of.
    private static func recordedDigests(in folder: String) -> [String: String] {
        func modified(_ file: String) -> Date? {
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/" + file)
            return attributes?[.modificationDate] as? Date
        }
        guard let recorded = modified("SHA256SUMS"),
            let data = FileManager.default.contents(atPath: folder + "/SHA256SUMS")
        else { return [:] }
        var digests: [String: String] = [:]
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count == 2, fields[0].count == 64 else { continue }
            let file = String(fields[1])
            if let changed = modified(file), changed <= recorded {
                digests[file] = String(fields[0])
            }
        }
        return digests
    }
}
