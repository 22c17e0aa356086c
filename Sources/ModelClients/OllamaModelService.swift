internal import Embedding
internal import Kernels
internal import Orchestration
internal import StrictJSON

/// The requests to Ollama that embedding needs, each reply checked.
///
/// - Source: `GET /api/tags`, `POST /api/show` and `POST /api/embed` of Ollama 0.33.
struct OllamaModelService: Sendable {
    let model: String
    let connection: ModelConnection
    /// The most time for one request, its retries included.
    let limit: Duration

    /// A model as the service lists it.
    struct Listing: Sendable, Equatable {
        /// With its tag: `nomic-embed-text:latest`.
        let name: String
        /// 64 hexadecimal digits; another model has another.
        let digest: String
        /// The host that Ollama hands the text on to; nil where it runs the model itself.
        let remoteHost: String?
    }

    /// A text is longer than the model reads.
    struct TextTooLong: Error {
        /// The service's words.
        let words: String
    }

    /// Vectors longer than this are no vectors.
    private static let longestVector = 1 << 16
    /// A context of fewer tokens is none.
    private static let leastContext = 16

    /// How the service lists the model.
    ///
    /// - Throws: `EmbeddingError.service`, `CancellationError`.
    func listing() async throws -> Listing {
        let reply = try await ask("/api/tags")
        guard let models = reply["models"]?.array else {
            throw unexpected("a list of models from /api/tags", reply["models"])
        }
        let wanted = taggedName.lowercased()
        let entry = models.first { entry in
            (entry["name"] ?? entry["model"])?.string?.lowercased() == wanted
        }
        guard let entry else { throw fault(.modelMissing, next: "ollama pull \(model)") }
        let told = entry["digest"]?.string ?? ""
        let digest = told.hasPrefix("sha256:") ? String(told.dropFirst(7)) : told
        let isDigest =
            digest.utf8.count == 64
            && digest.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
            }
        guard isDigest else { throw unexpected("the model's digest", entry["digest"]) }
        let host = entry["remote_host"]?.string ?? ""
        return Listing(
            name: wanted, digest: digest, remoteHost: host.isEmpty ? nil : connection.clean(host))
    }

    /// The most tokens that the model was made to read.
    ///
    /// - Throws: `EmbeddingError.service`, `CancellationError`.
    func contextLength() async throws -> Int {
        let details = try await ask("/api/show", ["model": .string(model)])["model_info"]
        let architecture = details?["general.architecture"]?.string ?? ""
        let told = details?["\(architecture).context_length"]
        guard let length = told?.wholeNumber, length >= Self.leastContext else {
            throw unexpected("a context length from /api/show", told)
        }
        return length
    }

    /// The vectors of texts.
    ///
    /// - Parameters:
    ///   - texts: none of them empty.
    ///   - window: the tokens that the service shall read at once.
    ///   - dimension: the length that each vector must have; nil where it is to be found out.
    /// - Returns: one unit row for each text, in order.
    /// - Throws: `TextTooLong` where one of the texts is; `EmbeddingError.service`,
    ///   `CancellationError`.
    func vectors(of texts: [String], window: Int, dimension: Int?) async throws -> FloatRows {
        let reply = try await ask(
            "/api/embed",
            [
                "model": .string(model), "input": .array(texts.map { .string($0) }),
                "truncate": .bool(false),
                "options": .object(["num_ctx": .integer(Int64(window))]),
            ])
        guard let embeddings = reply["embeddings"]?.array else {
            throw unexpected("embeddings from /api/embed", reply["embeddings"])
        }
        guard embeddings.count == texts.count else {
            throw unexpected("\(texts.count) embeddings", "\(embeddings.count)")
        }
        let width = dimension ?? embeddings.first?.array?.count ?? 0
        guard (1...Self.longestVector).contains(width) else {
            throw unexpected("vectors of 1 to \(Self.longestVector) numbers", "\(width)")
        }
        var rows = FloatRows(dimension: width, count: 0)
        for embedding in embeddings { rows.append(try vector(embedding, dimension: width)) }
        rows.normalize()
        return rows
    }

    private func vector(_ value: JSONValue, dimension: Int) throws -> [Float] {
        guard let numbers = value.array else { throw unexpected("a vector", value) }
        guard numbers.count == dimension else {
            throw unexpected("vectors of \(dimension) numbers", "\(numbers.count) numbers")
        }
        let vector = try numbers.map { number in
            let value: Float
            switch number {
            case .integer(let integer): value = Float(integer)
            case .number(let real): value = Float(real)
            default: throw unexpected("numbers in a vector", number)
            }
            guard value.isFinite else { throw unexpected("finite numbers in a vector", number) }
            return value
        }
        guard vector.contains(where: { $0 != 0 }) else {
            throw unexpected("a vector with a direction", "one of zeros")
        }
        return vector
    }

    /// The name with its tag; a colon before the last slash belongs to a port.
    private var taggedName: String {
        let last = model.split(separator: "/").last ?? ""
        return last.contains(":") ? model : model + ":latest"
    }
}

extension OllamaModelService {
    private func ask(
        _ path: String, _ body: [String: JSONValue]? = nil
    ) async throws -> JSONValue {
        do throws(ModelError) {
            return try await connection.json(
                path, posting: body.map { .object($0) }, within: limit)
        } catch {
            try Task.checkCancellation()
            if case .rejected(_, let words) = error, ErrorBody.saysTooLong(words) {
                throw TextTooLong(words: words)
            }
            throw failure(error, path)
        }
    }

    private func failure(_ error: ModelError, _ path: String) -> EmbeddingError {
        let look = "ollama show \(model)"
        switch error {
        case .unreachable(let why):
            return fault(
                .unreachable(why),
                next: connection.address.isLoopback ? "ollama serve" : "check OLLAMA_HOST")
        // A service without this path is an older one, or another program.
        case .rejected(404, let words) where words.lowercased().contains("model"):
            return fault(.modelMissing, next: "ollama pull \(model)")
        case .timedOut: return fault(.timedOut, next: "ollama ps")
        case .cut(let why), .malformed(let why):
            return fault(.unexpected(expected: "JSON from \(path)", found: why), next: look)
        default: return fault(.refused(error.reason), next: look)
        }
    }

    private func unexpected(_ expected: String, _ found: JSONValue?) -> EmbeddingError {
        let text = found.map { String(decoding: $0.canonicalBytes.prefix(80), as: UTF8.self) }
        return unexpected(expected, text.map(connection.clean) ?? "nothing")
    }

    /// An error for what came instead of what was asked for.
    func unexpected(_ expected: String, _ found: String) -> EmbeddingError {
        fault(.unexpected(expected: expected, found: found), next: "ollama show \(model)")
    }

    /// An error that names the model and the host.
    func fault(_ fault: ServiceFault, next: String) -> EmbeddingError {
        .service(name: "ollama:\(model) at \(connection.address.host)", fault, next: next)
    }
}
