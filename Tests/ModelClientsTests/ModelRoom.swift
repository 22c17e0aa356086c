import Documents
import Foundation
import ModelClients
import Orchestration
import StrictJSON
import Synchronization
import TestSupport

/// A client that talks to a service of its own over a real socket.
struct ModelRoom {
    let service: FakeService
    let model: any LanguageModel
    static let key = "sk-" + "ant-test-0123456789abcdef"

    /// What the client told while it worked.
    final class News: Sendable {
        private let list = Mutex<[ModelProgress]>([])
        var all: [ModelProgress] { list.withLock { $0 } }
        func add(_ news: ModelProgress) { list.withLock { $0.append(news) } }
    }
    let news = News()

    /// A model by its name, and the service that answers it.
    init(
        _ name: String,
        respond: @escaping @Sendable (FakeService.Request, Int) -> FakeService.Reply
    ) throws {
        service = try FakeService(respond)
        var settings = ModelSettings()
        settings.anthropicBaseURL = service.url
        settings.ollamaHost = service.url
        if let key = Secret(Self.key) { settings.anthropicKey = .key(key) }
        model = try ModelCatalog(settings).model(named: name)
    }

    static let request = ModelRequest(
        rules: RedactedText("Plan."),
        evidence: [
            .init(
                source: RedactedText("runbooks/a.md:1-2"), title: RedactedText("A › B"),
                text: RedactedText("1: look\n2: do"))
        ],
        question: RedactedText("Goal: widgets"),
        schema: .object(.init("steps", JSONSchema(.integer(1...9)), isRequired: true)))

    func ask(
        _ request: ModelRequest = request, within limit: Duration = .seconds(600)
    ) async throws(ModelError) -> ModelAnswer {
        try await model.answer(request, within: limit) { [news] in news.add($0) }
    }

    /// The error that asking ends with; nil where it ends with an answer.
    func error(within limit: Duration = .seconds(600)) async -> ModelError? {
        do throws(ModelError) {
            _ = try await ask(within: limit)
            return nil
        } catch {
            return error
        }
    }

    func body(_ index: Int = 0) throws -> JSONValue {
        try StrictJSON.parse(service.requests[index].body)
    }
}

/// Text with characters of one to four bytes, quotes and line ends.
let awkward = #"{"a":"héllo – 日本 🚀 \"x\"\n"}"# + String(repeating: "é", count: 200)
