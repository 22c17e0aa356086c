import Embedding
import Foundation
import ModelClients
import TestSupport
import Testing

/// Every fault of a service is an error that says what came; none is a part of an answer.
@Suite struct OllamaEmbedderFaultTests {
    @Test func `nobody there is told with the command that starts it`() async throws {
        let room = try EmbedRoom()
        room.service.stop()
        let error = try #require(await EmbedRoom.error { _ = try await room.open() })
        guard case .unreachable = error.fault else {
            Issue.record("\(error)")
            return
        }
        #expect(error.next == "ollama serve")
        #expect(error.name == "ollama:nomic-embed-text at 127.0.0.1:\(room.service.port)")
    }

    @Test func `a service that goes away while it embeds is an error`() async throws {
        let room = try EmbedRoom()
        let embedder = try await room.open()
        room.service.stop()
        let error = await EmbedRoom.error {
            _ = try await embedder.embed(["a"], longTexts: .windows)
        }
        guard case .unreachable = error?.fault else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a model that is not there is told with the command that fetches it`() async throws {
        let unlisted = try EmbedRoom()
        let error = await EmbedRoom.error { _ = try await unlisted.open("ollama:missing") }
        #expect(error?.fault == .modelMissing)
        #expect(error?.next == "ollama pull missing")
        let gone = try EmbedRoom.answering(
            ModelWire.ollamaRefusal(404, "model 'nomic-embed-text' not found"))
        #expect(await gone.fault() == .modelMissing)
        let reason = EmbeddingError.service(
            name: "ollama:m at h", .modelMissing, next: "ollama pull m"
        ).reason
        #expect(reason == "ollama:m at h is not installed there; next: ollama pull m")
    }

    @Test func `another program at the address is no missing model`() async throws {
        let other = try FakeService { _, _ in
            FakeService.Reply(
                status: 404, [("content-type", "text/plain")], pieces: [Data("no page".utf8)])
        }
        let room = EmbedRoom(service: other)
        #expect(await room.fault() == .refused("it refused the request (HTTP 404): Not Found"))
    }

    @Test(arguments: [
        (#"{"embeddings":[[1,2,3,4]]}"#, "2 embeddings", "1"),
        (#"{"embeddings":[[1,2,3,4],[1,2,3,4],[1,2,3,4]]}"#, "2 embeddings", "3"),
        (#"{"embeddings":[]}"#, "2 embeddings", "0"),
        (#"{"embeddings":[[1,2,3,4],[1,2,3]]}"#, "vectors of 4 numbers", "3 numbers"),
        (#"{"embeddings":[[1,2,3,4,5],[1,2,3,4,5]]}"#, "vectors of 4 numbers", "5 numbers"),
        (#"{"embeddings":[[1,2,3,4],[]]}"#, "vectors of 4 numbers", "0 numbers"),
        (#"{"embeddings":[[1,2,3,4],[1,null,3,4]]}"#, "numbers in a vector", "null"),
        (#"{"embeddings":[[1,2,3,4],[1,"2",3,4]]}"#, "numbers in a vector", "\"2\""),
        (#"{"embeddings":[[1,2,3,4],[1,1e39,3,4]]}"#, "finite numbers in a vector", "1e+39"),
        (
            #"{"embeddings":[[1,2,3,4],[0,0.0,-0.0,0]]}"#, "a vector with a direction",
            "one of zeros"
        ),
        (#"{"embeddings":[[1,2,3,4],[1e-60,0,0,0]]}"#, "a vector with a direction", "one of zeros"),
        (#"{"embeddings":[[1,2,3,4],null]}"#, "a vector", "null"),
        (#"{"embeddings":[1,2,3,4]}"#, "2 embeddings", "4"),
        (#"{"embeddings":{"0":[1,2,3,4]}}"#, "embeddings from /api/embed", #"{"0":[1,2,3,4]}"#),
        (#"{"embedding":[1,2,3,4]}"#, "embeddings from /api/embed", "nothing"),
        (#"[]"#, "embeddings from /api/embed", "nothing"),
        (
            #"{"embeddings":[[1,2,3,4],[1,2,3,NaN]]}"#, "JSON from /api/embed",
            "no JSON: syntax(offset: 32)"
        ),
        (
            #"{"embeddings":[[1,2,3,4],[1,2,3,1e999]]}"#, "JSON from /api/embed",
            "no JSON: numberOutOfRange(offset: 32)"
        ),
    ])
    func `vectors that are none are refused`(
        body: String, expected: String, found: String
    ) async throws {
        let room = try EmbedRoom.answering(ModelWire.ollamaJSON(body))
        let fault = await room.fault()
        #expect(fault == .unexpected(expected: expected, found: found))
        #expect(room.sent.count == 1, "asked again")
    }

    @Test func `a body that ends early is never an answer`() async throws {
        let whole = #"{"embeddings":[[1,2,3,4],[4,3,2,1]],"prompt_eval_count":2}"#
        for ending in [FakeService.Ending.cut, .whole, .reset] {
            for end in Array(stride(from: 0, to: whole.count, by: 7)) + [whole.count - 1] {
                let room = try EmbedRoom.answering(
                    ModelWire.ollamaJSON(String(whole.prefix(end)), ending: ending))
                switch await room.fault() {
                case .unexpected, .unreachable: break
                case let fault: Issue.record("\(end) \(ending): \(String(describing: fault))")
                }
            }
        }
    }

    @Test func `a service that fails is asked three times`() async throws {
        // Go's "context deadline exceeded" is no text that is too long.
        for words in ["out of memory", "context deadline exceeded"] {
            let room = try EmbedRoom.answering(
                ModelWire.ollamaRefusal(500, words, [("retry-after-ms", "1")]))
            #expect(await room.fault() == .refused("it is overloaded (HTTP 500): \(words)"))
            #expect(room.sent == [["a", "b"], ["a", "b"], ["a", "b"]])
        }
        let recovering = try EmbedRoom { _, count in
            count == EmbedRoom.opening
                ? ModelWire.ollamaRefusal(503, "busy", [("retry-after-ms", "1")]) : nil
        }
        #expect(await recovering.fault() == nil)
        let refusing = try EmbedRoom.answering(ModelWire.ollamaRefusal(400, "invalid input type"))
        #expect(
            await refusing.fault()
                == .refused("it refused the request (HTTP 400): invalid input type"))
        #expect(refusing.sent.count == 1)
    }

    @Test func `one request that fails fails them all`() async throws {
        let room = try EmbedRoom { _, count in
            count == EmbedRoom.opening + 1
                ? ModelWire.ollamaJSON(#"{"embeddings":[[1,2,3,4]]}"#) : nil
        }
        let texts = (0..<40).map { "text \($0)" }
        #expect(
            await room.fault(texts) == .unexpected(expected: "8 embeddings", found: "1"))
    }

    @Test func `redirects, pages and packed bodies are refused`() async throws {
        let moved = try EmbedRoom.answering(
            FakeService.Reply(
                status: 307, [("location", "http://127.0.0.1:1/steal")], pieces: []))
        #expect(
            await moved.fault()
                == .refused("it refused the request (HTTP 307): Temporary Redirect"))
        #expect(moved.sent.count == 1)
        let page = try EmbedRoom.answering(
            FakeService.Reply([("content-type", "text/html")], pieces: [Data("<html>".utf8)]))
        #expect(
            await page.fault()
                == .unexpected(
                    expected: "JSON from /api/embed", found: "text/html instead of application/json"
                ))
        var reply = ModelWire.ollamaEmbeddings([[1, 2, 3, 4], [1, 2, 3, 4]])
        reply.headers.append(("content-encoding", "gzip"))
        let packed = try EmbedRoom.answering(reply)
        guard case .unexpected = await packed.fault() else {
            Issue.record("a packed body was read")
            return
        }
    }

    @Test func `a flood ends at its limit`() async throws {
        let room = try EmbedRoom.answering(
            FakeService.Reply(
                [("content-type", "application/json")],
                pieces: [Data(repeating: 0x20, count: 60_000)], ending: .endless))
        #expect(
            await room.fault()
                == .unexpected(
                    expected: "JSON from /api/embed", found: "more than 8388608 bytes"))
    }

    @Test func `a drip and a silence end with the time`() async throws {
        let drip = Array(repeating: Data(" ".utf8), count: 100_000)
        for (pieces, ending) in [(drip, FakeService.Ending.whole), ([drip[0]], .silence)] {
            // Every request has the same limit, so that the first may tell.
            var room = EmbedRoom(
                service: try FakeService { _, _ in
                    FakeService.Reply(
                        [("content-type", "application/json")], pieces: pieces, ending: ending)
                })
            room.settings.embeddingLimit = .seconds(1)
            let error = await EmbedRoom.error { _ = try await room.open() }
            #expect(error?.fault == .timedOut)
            #expect(error?.next == "ollama ps")
            #expect(room.service.requests.count <= 1, "asked again")
        }
    }

    @Test func `what the service says stays on one short line`() async throws {
        let words = "no\nconductor: forged line " + String(repeating: "x", count: 5000)
        for reply in [
            ModelWire.ollamaRefusal(400, words),
            ModelWire.ollamaJSON(#"{"embeddings":"\#(words.replacing("\n", with: "\\n"))"}"#),
            FakeService.Reply([("content-type", "a/\(words.prefix(2))")], pieces: []),
        ] {
            let room = try EmbedRoom.answering(reply)
            let fault = try #require(await room.fault())
            #expect(!fault.reason.contains("\n"))
            #expect(fault.reason.utf8.count < 400)
        }
    }

    @Test func `a service that does not tell what is needed is not opened`() async throws {
        func fault(tags: String, show: String) async throws -> ServiceFault? {
            let service = try FakeService { request, _ in
                ModelWire.ollamaJSON(request.line == "GET /api/tags" ? tags : show)
            }
            return await EmbedRoom(service: service).fault()
        }
        func tags(_ digest: String) -> String {
            #"{"models":[{"name":"nomic-embed-text:latest","digest":\#(digest)}]}"#
        }
        let good = tags("\"\(EmbedRoom.digest)\"")
        for digest in ["null", "\"\"", "\"latest\"", "\"\(EmbedRoom.digest.uppercased())\""] {
            guard
                case .unexpected("the model's digest", _) = try await fault(
                    tags: tags(digest), show: "{}")
            else {
                Issue.record("\(digest)")
                return
            }
        }
        #expect(
            try await fault(tags: "{}", show: "{}")
                == .unexpected(expected: "a list of models from /api/tags", found: "nothing"))
        for show in [
            "{}", #"{"model_info":{}}"#,
            #"{"model_info":{"general.architecture":"bert","nomic.context_length":512}}"#,
            #"{"model_info":{"general.architecture":"bert","bert.context_length":0}}"#,
            #"{"model_info":{"general.architecture":"bert","bert.context_length":"512"}}"#,
        ] {
            guard
                case .unexpected("a context length from /api/show", _) = try await fault(
                    tags: good, show: show)
            else {
                Issue.record("\(show)")
                return
            }
        }
    }
}
