public import Embedding
public import Orchestration

/// Opens language models by their names.
public struct ModelCatalog: Sendable {
    private let settings: ModelSettings

    /// A catalog of what the settings allow.
    public init(_ settings: ModelSettings) {
        self.settings = settings
    }

    /// Whether a name has the form of one that the catalog may open.
    public static func knows(_ name: String) -> Bool {
        let parts = name.split(separator: ":", maxSplits: 1)
        return parts.count == 2 && ["claude", "ollama"].contains(parts[0])
            && parts[1].utf8.allSatisfy { byte in
                Character(Unicode.Scalar(byte)).isLetter && byte < 0x80
                    || (0x30...0x39).contains(byte) || "._:/@-".utf8.contains(byte)
            }
    }

    /// The model of a name: `claude:latest`, `claude:claude-sonnet-5`, `ollama:llama3.1`.
    ///
    /// Nothing is sent.
    ///
    /// - Throws: `ModelError.notConfigured` for another provider, a missing key, or an address that
    ///   is not allowed.
    public func model(named name: String) throws(ModelError) -> any LanguageModel {
        guard Self.knows(name), let colon = name.firstIndex(of: ":") else {
            throw .notConfigured("\"\(name)\" is no model; write claude:MODEL or ollama:MODEL")
        }
        let model = String(name[name.index(after: colon)...])
        return name.hasPrefix("claude:") ? try claude(model) : try ollama(model)
    }

    /// What `claude:latest` stands for.
    static let latestClaude = "claude-sonnet-5"

    private func claude(_ model: String) throws(ModelError) -> ClaudeClient {
        let address = try ServiceAddress(settings.anthropicBaseURL, named: "ANTHROPIC_BASE_URL")
        var key: Secret?
        switch settings.anthropicKey {
        case .key(let secret): key = secret
        case .missing(let why):
            guard address.isLoopback else { throw .notConfigured(why) }
        }
        return ClaudeClient(
            model: model == "latest" ? Self.latestClaude : model, address: address, key: key)
    }

    private func ollama(_ model: String) throws(ModelError) -> OllamaClient {
        OllamaClient(model: model, address: try settings.ollamaAddress())
    }
}

extension ModelCatalog {
    /// The embedder of a name: `ollama:nomic-embed-text`.
    ///
    /// The service is asked for the model's digest, its context length and one vector.
    ///
    /// - Throws: `EmbeddingError.service`, `.unknownName`; `CancellationError`.
    public func embedder(named name: String) async throws -> any Embedder {
        let prefix = "ollama:"
        guard Self.knows(name), name.hasPrefix(prefix) else {
            throw EmbeddingError.unknownName(name)
        }
        return try await OllamaEmbedder.open(
            model: String(name.dropFirst(prefix.count)), settings: settings)
    }
}
