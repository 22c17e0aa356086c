internal import Documents
public import Embedding
public import Kernels
internal import Orchestration

/// Embeds by a model that Ollama runs.
///
/// - Every text passes the `Redactor` first; placeholders go without their digits, which differ from
///   process to process, so that equal texts have equal vectors.
/// - The service's tokenizer is not known here. Tokens are estimated (`TokenEstimate`, and two marks),
///   texts that are longer are cut by the estimate, and where the service still refuses one as too
///   long it is cut further: nothing is ever left to the service's own, silent cutting.
/// - A model that was replaced in the service since it was opened is an error, not another space.
///
/// - Source: `POST /api/embed` of Ollama 0.33, with `truncate` off.
public struct OllamaEmbedder: Embedder {
    /// `ollama:`, the model with its tag, and 16 hexadecimal digits over all that makes the space.
    public let fingerprint: EmbedderFingerprint

    /// The length of each vector.
    public let dimension: Int

    /// The tokens that the service is told to read at once: what the model was made for, but no more
    /// than 8,192.
    public let maximumTokenCount: Int

    private let service: OllamaModelService
    private let listing: OllamaModelService.Listing
    private let redactor = Redactor()

    private static let longestWindow = 8192
    private static let batchCount = 32
    private static let batchByteCount = 64 << 10
    /// Changes whenever an equal model would give other vectors.
    private static let version = "ollama-embed/1 redacted windows overlap 1/8"

    /// Opens a model: asks for its digest, its context length and one vector.
    ///
    /// - Throws: `EmbeddingError.service`, `CancellationError`.
    static func open(model: String, settings: ModelSettings) async throws -> OllamaEmbedder {
        let address: ServiceAddress
        do throws(ModelError) {
            address = try settings.ollamaAddress()
        } catch {
            throw EmbeddingError.service(
                name: "ollama:" + model, .notAllowed(error.reason), next: "check OLLAMA_HOST")
        }
        let service = OllamaModelService(
            model: model, connection: ModelConnection(address: address, key: nil),
            limit: settings.embeddingLimit)
        let listing = try await service.listing()
        if let host = listing.remoteHost, !settings.allowsRemoteOllama {
            throw service.fault(
                .notAllowed("Ollama hands its texts on to \(host)"),
                next: "set CONDUCTOR_REMOTE_OLLAMA=1 to allow that")
        }
        let window = min(try await service.contextLength(), longestWindow)
        do {
            let probe = try await service.vectors(of: ["dimension"], window: window, dimension: nil)
            return OllamaEmbedder(service, listing, dimension: probe.dimension, window: window)
        } catch let error as OllamaModelService.TextTooLong {
            throw refusal(error, by: service)
        }
    }

    private init(
        _ service: OllamaModelService, _ listing: OllamaModelService.Listing, dimension: Int,
        window: Int
    ) {
        let space = [
            listing.name, listing.digest, "\(dimension)", "pooling service", "l2",
            "window \(window)", Self.version,
        ].joined(separator: "\n")
        let digits = ContentHash(of: Array(space.utf8)).rawValue.prefix(16)
        fingerprint = EmbedderFingerprint(rawValue: "ollama:\(listing.name):\(digits)")
        self.dimension = dimension
        maximumTokenCount = window
        self.service = service
        self.listing = listing
    }

    /// An estimate: one token for every six bytes of a word and for each mark, and two more.
    ///
    /// - Complexity: O(bytes).
    public func tokenCount(of text: String) -> Int {
        TokenEstimate.tokens(in: text) + 2
    }

    /// One unit row for each text, in order; all of them or none.
    ///
    /// A text of white space is not sent: its row is the first axis.
    ///
    /// - Throws: `EmbeddingError.service` where the service fails, answers with something else than
    ///   asked, or has another model by now; `CancellationError`.
    /// - Complexity: a request for every 32 texts or 64 KiB, and one for the model's digest; where a
    ///   text is refused as too long, O(log texts) more to find it.
    @concurrent
    public func embed(_ texts: [String], longTexts: LongTextRule) async throws -> FloatRows {
        var sums = [Float](repeating: 0, count: texts.count * dimension)
        var windows: [(row: Int, text: String)] = []
        for (row, text) in texts.enumerated() {
            let parts = self.windows(of: sent(text), longTexts)
            if parts.isEmpty { sums[row * dimension] = 1 }
            for part in parts { windows.append((row, part)) }
        }
        let batches = TextWindows.batches(
            of: windows.map(\.text.utf8.count), count: Self.batchCount,
            byteCount: Self.batchByteCount)
        for batch in batches {
            let rows = try await vectors(of: windows[batch].map(\.text), longTexts)
            for (vector, window) in windows[batch].enumerated() {
                Self.add(
                    rows[vector], times: Self.weight(of: window.text), to: &sums, row: window.row)
            }
        }
        if !batches.isEmpty { try await checkModel() }
        return try units(sums)
    }

    /// The text as it is sent.
    private func sent(_ text: String) -> String {
        let redacted = redactor.redacted(text).text
        guard redacted.contains("‹secret:") else { return redacted }
        return redacted.replacing(/‹secret:([a-z0-9-]+):[0-9a-f]{8}›/) { "‹secret:\($0.1)›" }
    }

    /// The windows of a text by the estimate; none where there is nothing but white space.
    private func windows(of text: String, _ rule: LongTextRule) -> [String] {
        let tokens = tokenCount(of: text)
        guard tokens > maximumTokenCount else { return Self.readable([text]) }
        switch rule {
        case .truncate:
            let bytes = text.utf8.count * maximumTokenCount / tokens
            return Self.readable([TextWindows.start(of: text, byteCount: bytes)])
        case .windows:
            let count = (tokens + maximumTokenCount - 1) / maximumTokenCount
            return Self.readable(TextWindows.parts(of: text, count: count))
        }
    }

    /// The vectors of texts, with those that the service refuses as too long cut further.
    private func vectors(of texts: [String], _ rule: LongTextRule) async throws -> FloatRows {
        do {
            return try await service.vectors(
                of: texts, window: maximumTokenCount, dimension: dimension)
        } catch let error as OllamaModelService.TextTooLong {
            guard texts.count == 1 else {
                let middle = texts.count / 2
                var rows = try await vectors(of: Array(texts[..<middle]), rule)
                rows.append(contentsOf: try await vectors(of: Array(texts[middle...]), rule))
                return rows
            }
            let parts = Self.readable(Self.shorter(texts[0], rule))
            guard !parts.isEmpty, parts != texts else {
                throw Self.refusal(error, by: service)
            }
            return try await mean(of: parts, rule)
        }
    }

    private static func shorter(_ text: String, _ rule: LongTextRule) -> [String] {
        switch rule {
        case .truncate: [TextWindows.start(of: text, byteCount: text.utf8.count / 4 * 3)]
        case .windows: TextWindows.parts(of: text, count: 2)
        }
    }

    /// One row: the average of the parts' vectors, each weighted by its tokens.
    private func mean(of parts: [String], _ rule: LongTextRule) async throws -> FloatRows {
        let rows = try await vectors(of: parts, rule)
        let weights = parts.map(Self.weight)
        let total = weights.reduce(0, +)
        var sum = [Float](repeating: 0, count: dimension)
        for (part, weight) in weights.enumerated() {
            Self.add(rows[part], times: weight / total, to: &sum, row: 0)
        }
        return FloatRows(dimension: dimension, values: sum)
    }

    /// - Throws: `EmbeddingError.service` where the service has another model by now.
    private func checkModel() async throws {
        let now = try await service.listing()
        guard now.digest == listing.digest else {
            throw service.fault(
                .unexpected(
                    expected: "the model with digest \(listing.digest.prefix(12))",
                    found: "one with digest \(now.digest.prefix(12))"),
                next: "conductor index")
        }
    }

    private func units(_ sums: [Float]) throws -> FloatRows {
        var rows = FloatRows(dimension: dimension, values: sums)
        rows.normalize()
        for row in 0..<rows.count where !rows[row].contains(where: { $0 != 0 }) {
            throw service.unexpected(
                "windows of text \(row + 1) with an average", "vectors that cancel out")
        }
        return rows
    }

    private static func add(
        _ vector: ArraySlice<Float>, times weight: Float, to sums: inout [Float], row: Int
    ) {
        let start = row * vector.count
        for (column, value) in vector.enumerated() { sums[start + column] += weight * value }
    }

    private static func readable(_ parts: [String]) -> [String] {
        parts.filter { TokenEstimate.tokens(in: $0) > 0 }
    }

    private static func weight(of text: String) -> Float { Float(TokenEstimate.tokens(in: text)) }

    private static func refusal(
        _ error: OllamaModelService.TextTooLong, by service: OllamaModelService
    ) -> EmbeddingError {
        service.fault(.refused(error.words), next: "ollama show \(service.model)")
    }
}
