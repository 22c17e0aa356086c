import Embedding
import Foundation
import Kernels
import ModelClients
import StrictJSON
import TestSupport
import Testing

/// An embedder that talks to a service of its own over a real socket.
struct EmbedRoom {
    /// A model as the service has it.
    struct Model: Sendable {
        var name = "nomic-embed-text:latest"
        var digest = String(repeating: "a1", count: 32)
        var contextLength = 2048
        var remoteHost: String?
    }

    /// Requests that opening makes.
    static let opening = 3
    static let dimension = 4
    static let digest = String(repeating: "a1", count: 32)

    let service: FakeService
    var settings = ModelSettings()

    /// The room of a model that may change with the count of requests; `embed` answers texts, told
    /// how many requests came before, or leaves that with nil to the service.
    init(
        model: @escaping @Sendable (Int) -> Model,
        embed: @escaping @Sendable ([String], Int) -> FakeService.Reply? = { _, _ in nil }
    ) throws {
        self.init(
            service: try FakeService { request, count in
                let model = model(count)
                switch request.line {
                case "GET /api/tags":
                    return ModelWire.ollamaModels(
                        model.name, digest: model.digest, remoteHost: model.remoteHost)
                case "POST /api/show":
                    return ModelWire.ollamaDetails(contextLength: model.contextLength)
                case "POST /api/embed":
                    let texts = Self.input(of: request)
                    return embed(texts, count)
                        ?? ModelWire.ollamaEmbeddings(texts.map(Self.vector))
                default: return ModelWire.ollamaRefusal(404, "page not found")
                }
            })
    }

    /// The room of any service.
    init(service: FakeService) {
        self.service = service
        settings.ollamaHost = service.url
    }

    /// The room of the usual model.
    init(embed: @escaping @Sendable ([String], Int) -> FakeService.Reply? = { _, _ in nil }) throws
    {
        try self.init(model: { _ in Model() }, embed: embed)
    }

    /// The room that answers `reply` to whatever is embedded once the model is open.
    static func answering(_ reply: FakeService.Reply) throws -> EmbedRoom {
        try EmbedRoom { _, count in count < opening ? nil : reply }
    }

    func open(_ name: String = "ollama:nomic-embed-text") async throws -> any Embedder {
        try await ModelCatalog(settings).embedder(named: name)
    }

    func embed(_ texts: [String], _ rule: LongTextRule = .windows) async throws -> FloatRows {
        try await open().embed(texts, longTexts: rule)
    }

    /// The texts of every request that embeds, without the one that opens.
    var sent: [[String]] {
        service.requests.filter { $0.line == "POST /api/embed" }.dropFirst().map(Self.input)
    }

    /// What opening and embedding end with; nil where they end well.
    func fault(_ texts: [String] = ["a", "b"]) async -> ServiceFault? {
        await Self.error { _ = try await embed(texts) }?.fault
    }

    /// The error of the embedder that `body` ends with.
    static func error(
        _ body: () async throws -> Void
    ) async -> (name: String, fault: ServiceFault, next: String)? {
        do {
            try await body()
            return nil
        } catch EmbeddingError.service(let name, let fault, let next) {
            return (name, fault, next)
        } catch {
            Issue.record("another error: \(error)")
            return nil
        }
    }

    static func input(of request: FakeService.Request) -> [String] {
        do throws(JSONError) {
            return try StrictJSON.parse(request.body)["input"]?.array?.compactMap(\.string) ?? []
        } catch {
            return []
        }
    }

    /// The vector of a text, of any length but zero.
    static func vector(of text: String) -> [Float] {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (0..<dimension).map { place in
            Float((hash >> (UInt64(place) * 13 + 8)) % 2000) / 100 - 9.995
        }
    }

    /// The unit vector of weighted texts, in f64.
    static func unit(_ texts: [(String, Double)]) -> [Double] {
        var sum = [Double](repeating: 0, count: dimension)
        for (text, weight) in texts {
            let vector = vector(of: text).map(Double.init)
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for (place, value) in vector.enumerated() { sum[place] += weight * value / length }
        }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return sum.map { $0 / length }
    }

    /// Whether a row is near the unit vector of weighted texts.
    static func check(
        _ row: ArraySlice<Float>, isOf texts: [(String, Double)],
        _ location: SourceLocation = #_sourceLocation
    ) {
        let expected = unit(texts)
        #expect(row.count == expected.count, sourceLocation: location)
        for (found, wanted) in zip(row, expected) {
            #expect(abs(Double(found) - wanted) < 1e-5, sourceLocation: location)
        }
    }
}
