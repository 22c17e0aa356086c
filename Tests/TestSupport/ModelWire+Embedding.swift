internal import Foundation

extension ModelWire {
    /// What `GET /api/tags` of Ollama lists: one model besides another.
    public static func ollamaModels(
        _ name: String, digest: String, remoteHost: String? = nil
    ) -> FakeService.Reply {
        var entry: [String: Any] = [
            "name": name, "model": name, "size": 274_302_450, "digest": digest,
            "modified_at": "2026-01-01T00:00:00Z",
            "details": ["format": "gguf", "family": "nomic-bert", "parameter_size": "137M"],
        ]
        if let remoteHost { entry["remote_host"] = remoteHost }
        let other: [String: Any] = [
            "name": "other:latest", "model": "other:latest",
            "digest": String(repeating: "f", count: 64),
        ]
        return json(["models": [other, entry]])
    }

    /// What `POST /api/show` of Ollama tells of a model.
    public static func ollamaDetails(contextLength: Int) -> FakeService.Reply {
        json([
            "license": "Apache-2.0", "capabilities": ["embedding"],
            "details": ["family": "nomic-bert"],
            "model_info": [
                "general.architecture": "nomic-bert",
                "nomic-bert.context_length": contextLength, "nomic-bert.embedding_length": 768,
            ] as [String: Any],
        ])
    }

    /// What `POST /api/embed` of Ollama answers.
    public static func ollamaEmbeddings(
        _ vectors: [[Float]], ending: FakeService.Ending = .whole
    ) -> FakeService.Reply {
        let rows = vectors.map { "[" + $0.map { "\($0)" }.joined(separator: ",") + "]" }
        return ollamaJSON(
            #"{"model":"m","embeddings":["# + rows.joined(separator: ",")
                + #"],"total_duration":14143917,"load_duration":1019500,"prompt_eval_count":8}"#,
            ending: ending)
    }

    /// An error as Ollama answers it.
    public static func ollamaRefusal(
        _ status: Int, _ message: String, _ headers: [(String, String)] = []
    ) -> FakeService.Reply {
        var reply = json(["error": message])
        reply.status = status
        reply.headers += headers
        return reply
    }

    /// A body as it is, told to be JSON.
    public static func ollamaJSON(
        _ body: String, ending: FakeService.Ending = .whole
    ) -> FakeService.Reply {
        let bytes = [UInt8](body.utf8)
        let pieces = stride(from: 0, to: bytes.count, by: 1009).map {
            Data(bytes[$0..<min($0 + 1009, bytes.count)])
        }
        return FakeService.Reply(
            [("content-type", "application/json; charset=utf-8")], pieces: pieces, ending: ending)
    }

    private static func json(_ object: [String: Any]) -> FakeService.Reply {
        let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
        return ollamaJSON(String(decoding: data ?? Data(), as: UTF8.self))
    }
}
