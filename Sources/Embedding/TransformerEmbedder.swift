internal import Foundation
public import Kernels
internal import StrictJSON

/// A sentence encoder that runs here: BERT's or MPNet's layers, mean pooling, unit length.
///
/// - Source: Reimers and Gurevych, "Sentence-BERT", arXiv:1908.10084 (pooling).
public struct TransformerEmbedder: Embedder {
    /// Tokens in one batch: what it works in stays in the second-level cache.
    private static let batchTokens = 32...256
    /// Tokens that neighbouring windows share.
    private static let windowOverlap = 32
    /// Changes whenever equal files would give other vectors.
    private static let version = "mean-l2/2 overlap 32"

    /// Changes whenever equal weights would give other vectors at a precision.
    private static func arithmetic(_ precision: Precision) -> String {
        switch precision {
        case .single: precision.rawValue
        case .int8: precision.rawValue + "/2"
        }
    }

    /// The space that the vectors live in.
    public let fingerprint: EmbedderFingerprint

    /// The most tokens of one window, marks included: what the sentence model was trained on,
    /// which may be less than its positions allow.
    public let maximumTokenCount: Int

    /// How the weights are kept.
    public let precision: Precision

    private let tokenizer: WordPieceTokenizer
    private let encoder: TransformerEncoder
    private let sharing: TextSharing?
    private let sharesSingleTexts: Bool
    private let processorCount = Processors.count

    /// Opens a model's folder: `model.safetensors`, `vocab.txt`, `config.json` and, where they are,
    /// `sentence_bert_config.json` and `SHA256SUMS`.
    ///
    /// - Parameters:
    ///   - folder: the model's folder.
    ///   - precision: how to keep the weights; nil takes int8 where its measured drift from f32 is
    ///     within bound (`Int8Drift`).
    ///   - sharesSingleTexts: whether a second thread takes half of a text that is embedded alone,
    ///     which has the same bits. It takes half the time where the processors have nothing else
    ///     to do, and more beside other work.
    /// - Throws: `EmbeddingError`.
    /// - Complexity: O(vocabulary + weights). Without a `SHA256SUMS` that is newer than the
    ///   files they are hashed, and a model's first opening without a precision measures its drift.
    public init(
        contentsOf folder: String, precision: Precision? = nil, sharesSingleTexts: Bool = false
    ) throws(EmbeddingError) {
        BLASThreads.useCallingThread()
        let weights = folder + "/model.safetensors"
        let file = try SafetensorsFile(path: weights)
        let architecture = try Self.decode(EncoderArchitecture.self, from: folder + "/config.json")
        guard architecture.isUsable else {
            throw .malformed(path: folder + "/config.json", reason: "unusable sizes")
        }
        if let part = architecture.foreignPart {
            throw .malformed(path: folder + "/config.json", reason: "\(part) is not served")
        }
        try Self.requireMeanPooling(in: folder)
        let tokenizer = try WordPieceTokenizer(
            vocabulary: folder + "/vocab.txt", marks: architecture.marks,
            literals: architecture.literalMarks)
        guard tokenizer.vocabularyCount <= architecture.vocabularySize else {
            throw .malformed(
                path: folder, reason: "more words than \(architecture.vocabularySize) rows")
        }
        let limit = try Self.windowLimit(in: folder)
        guard limit > 2 + Self.windowOverlap, architecture.longestText >= limit else {
            throw .malformed(path: folder, reason: "fewer positions than \(limit)")
        }
        let encoders = try Int8Drift.encoder(
            precision, folder: folder, limit: limit, tokenizer: tokenizer
        ) { precision throws(EmbeddingError) in
            try TransformerEncoder(file, architecture, precision: precision)
        }
        let empty = encoders.encoder.meanStates(of: [[tokenizer.first, tokenizer.last]])
        guard empty.values.allSatisfy(\.isFinite) else {
            throw .malformed(path: weights, reason: "its vectors are not numbers")
        }
        self.tokenizer = tokenizer
        maximumTokenCount = limit
        encoder = encoders.encoder
        self.precision = encoders.precision
        sharing = TextSharing(self.precision)
        self.sharesSingleTexts = sharesSingleTexts
        fingerprint = try ModelFolder.fingerprint(
            of: folder, variant: "/" + self.precision.rawValue, files: Self.files,
            version: "\(Self.version) window \(limit) \(Self.arithmetic(self.precision))")
    }

    /// What a model's vectors depend on.
    static let files = ["model.safetensors", "vocab.txt", "config.json"]

    /// The length of each vector.
    public var dimension: Int { encoder.architecture.hiddenSize }

    /// The tokens of `text`, the two marks included, before any truncation.
    public func tokenCount(of text: String) -> Int {
        tokenizer.pieces(of: text).count + 2
    }

    /// One unit row for each text, in order; never throws.
    @concurrent
    public func embed(_ texts: [String], longTexts: LongTextRule) async throws -> FloatRows {
        await embedBatches(texts, longTexts)
    }

    /// The unit row of one text; never throws.
    ///
    /// Help is taken for a text of one window.
    @concurrent
    public func embed(_ text: String, helpedBy hand: HelpingHand) async throws -> FloatRows {
        hand.begin()
        defer { hand.end() }
        return await embedBatches([text], .windows, hand)
    }

    /// The token ids of `text` as the encoder reads them under `.truncate`.
    package func tokenIDs(of text: String) -> [Int32] {
        windows(of: text, .truncate)[0]
    }

    /// Texts are cut into tokens side by side, then batches run side by side, each on one thread;
    /// sums are made in order, so that the vectors have the same bits whatever finishes first.
    private func embedBatches(
        _ texts: [String], _ rule: LongTextRule, _ hand: HelpingHand? = nil
    ) async -> FloatRows {
        let windows = await windows(of: texts, rule)
        // Several windows have the other threads work for them anyway.
        if windows.count > 1 { hand?.end() }
        let tokens = windows.reduce(0) { $0 + $1.ids.count }
        let share = tokens / processorCount
        let batches = Self.runs(
            of: windows.map(\.ids.count),
            limit: min(max(share, Self.batchTokens.lowerBound), Self.batchTokens.upperBound))
        let means = await Self.sideBySide(batches) { range in
            if windows.count == 1, let mean = sharedMean(of: windows[0].ids, hand) { return mean }
            return encoder.meanStates(of: windows[range].map(\.ids))
        }
        var vectors = FloatRows(dimension: dimension, count: texts.count)
        for (range, rows) in zip(batches, means) {
            for (row, window) in windows[range].enumerated() {
                vectors.addRow(rows[row], scaledBy: Float(window.ids.count), to: window.text)
            }
        }
        vectors.normalize()
        return vectors
    }

    /// The mean of a text that two threads may work out; nil where they did not.
    private func sharedMean(of text: [Int32], _ hand: HelpingHand?) -> FloatRows? {
        if let hand { return sharing?.meanState(of: text, by: encoder, helpedBy: hand) }
        return sharesSingleTexts ? sharing?.meanState(of: text, by: encoder) : nil
    }

    private func windows(
        of texts: [String], _ rule: LongTextRule
    ) async -> [(text: Int, ids: [Int32])] {
        let runs = Self.runs(of: texts.map(\.utf8.count), limit: 1 << 14)
        return await Self.sideBySide(runs) { range in
            range.flatMap { text in self.windows(of: texts[text], rule).map { (text, $0) } }
        }.flatMap { $0 }
    }

    /// What `body` makes of each range, in order; one range needs no other thread.
    private static func sideBySide<Part: Sendable>(
        _ ranges: [Range<Int>], _ body: @escaping @Sendable (Range<Int>) -> Part
    ) async -> [Part] {
        guard ranges.count > 1 else { return ranges.map(body) }
        return await withTaskGroup(of: (index: Int, part: Part).self) { group in
            for (index, range) in ranges.enumerated() {
                group.addTask { (index, body(range)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
                .sorted { $0.index < $1.index }.map(\.part)
        }
    }

    /// Runs of neighbours whose sizes add up to no more than the limit, at least one each.
    private static func runs(of sizes: [Int], limit: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var (start, sum) = (0, 0)
        for (index, size) in sizes.enumerated() {
            if index > start, sum + size > limit {
                runs.append(start..<index)
                (start, sum) = (index, 0)
            }
            sum += size
        }
        if start < sizes.count { runs.append(start..<sizes.count) }
        return runs
    }

    /// The windows of a text, each between the two marks; at least one.
    private func windows(of text: String, _ rule: LongTextRule) -> [[Int32]] {
        let pieces = tokenizer.pieces(of: text)
        let room = maximumTokenCount - 2
        func marked(_ range: Range<Int>) -> [Int32] {
            [tokenizer.first] + pieces[range] + [tokenizer.last]
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

    /// The window of a sentence model stands in a file of its own; 256 where there is none.
    private static func windowLimit(in folder: String) throws(EmbeddingError) -> Int {
        struct Window: Decodable {
            let limit: Int

            enum CodingKeys: String, CodingKey { case limit = "max_seq_length" }
        }
        let path = folder + "/sentence_bert_config.json"
        guard FileManager.default.fileExists(atPath: path) else { return 256 }
        return try decode(Window.self, from: path).limit
    }

    /// Where the model says how it pools, it must be by the mean.
    private static func requireMeanPooling(in folder: String) throws(EmbeddingError) {
        struct Pooling: Decodable {
            let isMean: Bool

            enum CodingKeys: String, CodingKey { case isMean = "pooling_mode_mean_tokens" }
        }
        let path = folder + "/1_Pooling/config.json"
        guard FileManager.default.fileExists(atPath: path) else { return }
        guard try decode(Pooling.self, from: path).isMean else {
            throw .malformed(path: path, reason: "only pooling by the mean is served")
        }
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type, from path: String
    ) throws(EmbeddingError) -> Value {
        let file = try ModelFolder.map(path)
        do {
            return try StrictJSON.decode(type, from: Data(file.bytes(0..<file.byteCount)))
        } catch {
            throw .malformed(path: path, reason: "\(error)")
        }
    }
}
