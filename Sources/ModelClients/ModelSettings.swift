internal import Orchestration

/// Where models listen and what opens them, as the command line read it.
public struct ModelSettings: Sendable {
    /// The Messages API; `https://api.anthropic.com` unless set.
    public var anthropicBaseURL = "https://api.anthropic.com"
    /// The key for it, or why there is none.
    public var anthropicKey: KeySource = .missing("no key is set")
    /// The Ollama service; `127.0.0.1:11434` unless set.
    public var ollamaHost = "127.0.0.1:11434"
    /// Whether the Ollama service may be another machine.
    public var allowsRemoteOllama = false
    /// The most time for one request that embeds; a service may have to load its model first.
    public var embeddingLimit = Duration.seconds(300)

    /// A key, or why there is none.
    public enum KeySource: Sendable {
        /// A key.
        case key(Secret)
        /// Why there is none.
        case missing(String)
    }

    /// The defaults, without a key.
    public init() {}
}

extension ModelSettings {
    /// Where Ollama listens.
    ///
    /// - Throws: `ModelError.notConfigured` for an address that text may not be sent to.
    func ollamaAddress() throws(ModelError) -> ServiceAddress {
        let address = try ServiceAddress(ollamaHost, named: "OLLAMA_HOST", defaultPort: 11434)
        guard address.isLoopback || allowsRemoteOllama else {
            throw .notConfigured(
                "OLLAMA_HOST is another machine; set CONDUCTOR_REMOTE_OLLAMA=1 to allow that")
        }
        return address
    }
}
