import Foundation
import TestSupport
import Testing

/// The example world answers its own questions: a guard against regressions, no evidence against
/// peers.
@Suite(.enabled(if: SharedData.model != nil, "the model is installed by make setup"))
struct ExampleWorldTests {
    let world: ExampleWorld
    let conductor: BuiltBinary

    init() async throws {
        world = try ExampleWorld()
        conductor = BuiltBinary(in: world.folder.path)
        #expect(try await conductor.run("index", ".").status == 0)
    }

    /// A file of the world as JSON objects, one a line.
    private func lines(_ name: String) throws -> [[String: Any]] {
        let text = try String(contentsOf: world.folder.url.appending(path: name), encoding: .utf8)
        return try text.split(separator: "\n").compactMap { line in
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        }
    }

    @Test func `five hits answer its questions, and every kind of them`() async throws {
        let reply = try await conductor.run("eval", "--queries", "queries.jsonl", "--json")
        #expect(reply.status == 0, "\(reply.errors)")
        let json = try reply.json()
        #expect(json["queries"] as? Int ?? 0 >= 337 && json["documents"] as? Int ?? 0 >= 58)
        #expect(json["recall@5"] as? Double ?? 0 >= 0.95)
        let kinds = try #require(json["kinds"] as? [String: [String: Any]])
        let named = Set(try lines("queries.jsonl").compactMap { $0["kind"] as? String })
        #expect(Set(kinds.keys) == named && named.count == 11)
        for (kind, figures) in kinds {
            #expect(figures["recall@5"] as? Double ?? 0 >= 0.9, "\(kind)")
        }
    }

    @Test func `a name with one slip is found where the name stands`() async throws {
        let names = try misspeltNames()
        let asked = try names.sorted { $0.key < $1.key }.map { query, name in
            try JSONSerialization.data(
                withJSONObject: ["query": query, "relevant": name.files])
        }
        try world.folder.write(
            asked.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n"),
            to: "typos.jsonl")
        let run = world.folder.path + "/run.json"
        let reply = try await conductor.run("eval", "--queries", "typos.jsonl", "--save", run)
        #expect(reply.status == 0, "\(reply.errors)")
        let saved = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(filePath: run)))
        let results = try #require((saved as? [String: Any])?["results"] as? [[String: Any]])
        #expect(results.count == names.count && names.count > 500)
        let missed = results.compactMap { result -> String? in
            let query = result["id"] as? String ?? ""
            let first = (result["found"] as? [String])?.first ?? "nothing"
            guard let name = names[query], !name.files.contains(first) else { return nil }
            return "\(query) (\(name.name)): \(first)"
        }
        let recall = 1 - Double(missed.count) / Double(results.count)
        #expect(recall >= 0.95, "\(recall): \(missed.joined(separator: "\n"))")
    }

    /// Names that are asked for or alerted by, misspelt, with the files in which they stand.
    private func misspeltNames() throws -> [String: (name: String, files: [String])] {
        let pages = try pages()
        var names = Set(
            try lines("queries.jsonl").filter { $0["kind"] as? String == "identifier" }
                .compactMap { $0["query"] as? String }
                .filter { name in
                    name.count(where: \.isLetter) >= 8 && !name.contains(where: \.isWhitespace)
                })
        let alert = /Alert `(\w+)`|- alert: (\w+)|alarm_name\s+= "(\w+)/
        for page in pages.values {
            names.formUnion(
                page.matches(of: alert).compactMap { match in
                    (match.1 ?? match.2 ?? match.3).map(String.init)
                })
        }
        var generator = SeededGenerator(seed: 8)
        var misspelt: [String: (name: String, files: [String])] = [:]
        for name in names.sorted() {
            let files = pages.filter { $0.value.contains(name) }.keys.sorted()
            #expect(!files.isEmpty, "\(name) stands nowhere")
            // One slip is luck; several tell.
            for _ in 0..<5 {
                misspelt[Misspelling.slip(in: name, using: &generator)] = (name, files)
            }
        }
        return misspelt
    }

    /// The texts of the files that are indexed, by path.
    private func pages() throws -> [String: String] {
        var pages: [String: String] = [:]
        let folders = [
            "agents", "docs", "manifests", "playbooks", "runbooks", "services", "terraform",
        ]
        for folder in folders {
            let top = world.folder.url.appending(path: folder)
            for case let name as String in FileManager.default.enumerator(atPath: top.path)
                ?? .init()
            where [".md", ".yaml", ".tf", ".txt"].contains(where: name.hasSuffix) {
                pages["\(folder)/\(name)"] = try String(
                    contentsOf: top.appending(path: name), encoding: .utf8)
            }
        }
        return pages
    }
}
