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
