import ArgumentParser
import Foundation
import Retrieval

/// What to search for: a query, or a file or expression of a known kind.
struct SearchSubject: ParsableArguments {
    @Argument(help: "A question, symptom, alert, name or log line; - reads stdin.")
    var query: String?
    @Option(help: "A file with an alert as Alertmanager sends it, in JSON; - reads stdin.")
    var alert: String?
    @Option(help: "A PromQL expression.")
    var promql: String?
    @Option(help: "A file with a log line or a stack trace; - reads stdin.")
    var log: String?

    func validate() throws {
        let given = [query, alert, promql, log].count { $0 != nil }
        guard given == 1 else {
            throw ValidationError("Give one of QUERY, --alert, --promql and --log.")
        }
    }

    /// The request for it, with the defaults.
    func request() throws -> SearchRequest {
        if let alert { return request(try Self.text(of: alert), as: .alert) }
        if let log { return request(try Self.text(of: log), as: .logLine) }
        if let promql { return request(promql, as: .promql) }
        return SearchRequest(query == "-" ? try Self.standardInput() : query ?? "")
    }

    private func request(_ text: String, as shape: QueryShape) -> SearchRequest {
        var request = SearchRequest(text)
        request.shape = shape
        return request
    }

    private static func text(of path: String) throws -> String {
        guard path != "-" else { return try standardInput() }
        return String(decoding: try NamedFile.bytes(of: path), as: UTF8.self)
    }

    private static func standardInput() throws -> String {
        String(decoding: try FileHandle.standardInput.readToEnd() ?? Data(), as: UTF8.self)
    }
}
