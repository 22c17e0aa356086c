import ModelClients
import Orchestration
import TestSupport
import Testing

/// Which models may be opened, and where they may be.
@Suite struct ModelCatalogTests {
    static func error(_ name: String, _ change: (inout ModelSettings) -> Void = { _ in }) -> String?
    {
        var settings = ModelSettings()
        settings.anthropicKey = Secret("k").map { .key($0) } ?? .missing("")
        change(&settings)
        do throws(ModelError) {
            _ = try ModelCatalog(settings).model(named: name)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func `names say who runs the model`() {
        #expect(Self.error("claude:claude-sonnet-5") == nil)
        #expect(Self.error("ollama:qwen3:4b") == nil)
        for name in [
            "gpt:4", "claude", "claude:", "", ":", "ollama", "claude:![x](http://evil)",
            "ollama:a b",
            "claude:é",
        ] {
            #expect(Self.error(name) != nil, "\(name)")
        }
    }

    @Test func `text goes over TLS or stays on this machine`() {
        func claude(_ url: String) -> String? {
            Self.error("claude:x") { $0.anthropicBaseURL = url }
        }
        #expect(claude("https://proxy.example/anthropic/") == nil)
        #expect(claude("http://127.0.0.1:8080") == nil)
        #expect(claude("http://[::1]:8080") == nil)
        for url in [
            "http://api.anthropic.com", "ftp://x", "https://u:p@x.example", "https://",
            "http://127.0.0.1.evil.example", "https://x.example?to=y", "file:///etc/passwd",
        ] {
            #expect(claude(url) != nil, "\(url)")
        }
    }

    @Test func `another machine's Ollama must be allowed by name`() {
        let host = "https://ollama.example:11434"
        #expect(Self.error("ollama:x") { $0.ollamaHost = host } != nil)
        #expect(
            Self.error("ollama:x") {
                $0.ollamaHost = host
                $0.allowsRemoteOllama = true
            } == nil)
        #expect(Self.error("ollama:x") { $0.ollamaHost = "localhost:11434" } == nil)
    }

    @Test func `without a key only this machine is asked`() {
        #expect(Self.error("claude:x") { $0.anthropicKey = .missing("no key") } == "no key")
        #expect(
            Self.error("claude:x") {
                $0.anthropicKey = .missing("no key")
                $0.anthropicBaseURL = "http://localhost:1"
            } == nil)
    }

    @Test func `a key shows itself nowhere`() throws {
        let canary = "sk-" + "ant-canary-123456"
        let secret = try #require(Secret(" \(canary)\n"))
        var dumped = ""
        dump(secret, to: &dumped)
        for text in [
            "\(secret)", String(reflecting: secret), String(describing: [secret]), dumped,
            String(describing: ModelSettings.KeySource.key(secret)),
        ] {
            #expect(!text.contains("canary"), "\(text)")
        }
        #expect(Secret("") == nil)
        #expect(Secret("a\nb") == nil)
        #expect(Secret("a\u{E9}") == nil)
    }
}
