public import Documents
public import Retrieval
internal import StrictJSON

/// Puts passages into order by asking a language model once for the whole list.
///
/// - Source: listwise reranking, Sun et al., "Is ChatGPT Good at Search?", arXiv:2304.09542.
public struct ModelReranker: Reranker {
    /// The model's name; the choice's where there is no such model.
    public let name: String

    private let model: Result<any LanguageModel, ModelError>
    private let redactor: Redactor
    private let limit: Duration
    private let news: @Sendable (PlanningNews) -> Void

    /// A reranker with the first model of a choice; nil where that is to ask none.
    ///
    /// Nothing is sent. A model that cannot be opened is told when an order is asked for.
    ///
    /// - Parameters:
    ///   - choice: which model.
    ///   - policy: the definition that names the primary and the secondary one.
    ///   - catalog: opens models.
    ///   - redactor: what leaves the program passes it.
    ///   - limit: the most time for an order.
    ///   - news: called for every piece of news, on any executor.
    public init?(
        _ choice: PlannerChoice, policy: AgentDefinition, catalog: PlannerChain.Catalog,
        redactor: Redactor, limit: Duration, news: @escaping @Sendable (PlanningNews) -> Void
    ) {
        guard let first = choice.models(of: policy).first else { return nil }
        do throws(ModelError) {
            guard let name = first.name else {
                throw .notConfigured("the agent definition names no \(first.role) planner")
            }
            let model = try catalog(name)
            self.model = .success(model)
            self.name = model.name
        } catch {
            model = .failure(error)
            name = first.name ?? first.role
        }
        self.redactor = redactor
        self.limit = limit
        self.news = news
    }

    /// The places that the model named, in its order.
    ///
    /// - Throws: `RerankError` where there is no answer of the schema's form; `CancellationError`.
    public func order(
        of passages: [RerankPassage], for query: String
    ) async throws -> [Int] {
        do throws(ModelError) {
            let model = try model.get()
            let request = request(passages, query)
            news(.asking(planner: name, redactionCount: request.redactionCount))
            let answer = try await model.answer(request, within: limit) { [news, name] in
                news(.progress(planner: name, $0))
            }
            let numbers = try Self.numbers(in: answer.text)
            return numbers.filter { $0 >= 1 && $0 <= passages.count }.map { $0 - 1 }
        } catch {
            // Who cancelled wants no search.
            try Task.checkCancellation()
            throw RerankError(reason: error.reason)
        }
    }

    private func request(_ passages: [RerankPassage], _ query: String) -> ModelRequest {
        let evidence = passages.enumerated().map { index, passage in
            ModelRequest.Evidence(
                source: redacted(passage.citation.description),
                title: redacted("\(index + 1). \(passage.breadcrumb)"),
                text: text(of: passage))
        }
        return ModelRequest(
            rules: redactor.redacted(String(decoding: PackageResources.rerank_md, as: UTF8.self)),
            evidence: evidence, question: redacted("Query: \(query)\n\nWrite the order."),
            schema: Self.schema(JSONSchema(.integer(1...max(1, passages.count)))))
    }

    private static func schema(_ number: JSONSchema) -> JSONSchema {
        .object(.init("order", JSONSchema(.array(of: number, atMost: nil)), isRequired: true))
    }

    /// A passage without secrets, nor parts of one that begins before it or ends behind it.
    private func text(of passage: RerankPassage) -> RedactedText {
        let parts = [passage.before, passage.text, passage.after].map(PromptText.visible)
        let ends = parts.map { $0.utf8.count { $0 == 0x0A } }
        let shown = redactor.redacted(parts.joined()).lines(ends[0]...ends[0] + ends[1])
        guard shown.text.utf8.count <= 2 * parts[1].utf8.count + Self.mostAddedBytes else {
            return RedactedText("A part of a long line, which is not shown.")
        }
        return shown
    }

    /// What the lines that a passage begins and ends in may bring in, as may marks in place of secrets.
    private static let mostAddedBytes = 2000

    private func redacted(_ text: String) -> RedactedText {
        redactor.redacted(PromptText.visible(text))
    }

    private struct Order: Decodable {
        let order: [Int]
    }

    /// Reads an answer strictly, one JSON object of the schema's form and nothing else; but a number
    /// that no passage has makes no other one wrong, and services do not hold models to bounds.
    private static func numbers(in answer: String) throws(ModelError) -> [Int] {
        let bytes = Array(answer.utf8)
        let (errors, order): ([String], Order)
        do throws(JSONError) {
            errors = schema(JSONSchema(.integer(nil))).errors(in: try StrictJSON.parse(bytes))
            order = try StrictJSON.decode(Order.self, from: bytes)
        } catch {
            throw .malformed("no JSON object with an order: \(error)")
        }
        guard errors.isEmpty else {
            throw .malformed(errors.prefix(3).joined(separator: "; "))
        }
        return order.order
    }
}
