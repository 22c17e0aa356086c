import Documents
import Embedding
import Foundation
import Kernels
import ModelClients
import TestSupport
import Testing

/// Texts that are longer than the model reads: cut here, never there in silence.
@Suite struct OllamaEmbedderLongTextTests {
    static let prose = (0..<900).map { "word\($0)" }.joined(separator: " ")
    static let dense = (0..<400).map { "é日本🚀\($0)" }.joined()

    /// A room whose service refuses what is longer than so many bytes.
    static func room(
        byteLimit: Int, status: Int = 400,
        words: String = "the input length exceeds the context length", contextLength: Int = 2048
    ) throws -> EmbedRoom {
        try EmbedRoom(model: { _ in EmbedRoom.Model(contextLength: contextLength) }) { texts, _ in
            texts.contains { $0.utf8.count > byteLimit }
                ? ModelWire.ollamaRefusal(status, words) : nil
        }
    }

    static func weighted(_ texts: [String]) -> [(String, Double)] {
        texts.map { ($0, Double(TokenEstimate.tokens(in: $0))) }
    }

    @Test(arguments: [prose, dense])
    func `windows tile a long text and overlap`(text: String) async throws {
        let room = try EmbedRoom(model: { _ in EmbedRoom.Model(contextLength: 128) })
        let embedder = try await room.open()
        #expect(embedder.tokenCount(of: text) > 4 * embedder.maximumTokenCount)
        let rows = try await embedder.embed(["before", text, "after"], longTexts: .windows)
        let sent = room.sent.flatMap { $0 }
        let windows = Array(sent.dropFirst().dropLast())
        #expect(windows.count > 4)
        var end = text.startIndex
        for (index, window) in windows.enumerated() {
            #expect(embedder.tokenCount(of: window) <= 2 * embedder.maximumTokenCount)
            let from = index == 0 ? text.startIndex : text.index(end, offsetBy: -200)
            let place = try #require(text[from...].range(of: window))
            #expect(index == 0 ? place.lowerBound == end : place.lowerBound < end)
            #expect(place.upperBound > end)
            end = place.upperBound
        }
        #expect(end == text.endIndex)
        EmbedRoom.check(rows[0], isOf: [("before", 1)])
        EmbedRoom.check(rows[1], isOf: Self.weighted(windows))
        EmbedRoom.check(rows[2], isOf: [("after", 1)])
    }

    @Test(arguments: [prose, dense])
    func `truncation sends the start alone`(text: String) async throws {
        let room = try EmbedRoom(model: { _ in EmbedRoom.Model(contextLength: 128) })
        let rows = try await room.embed([text], .truncate)
        let sent = try #require(room.sent.first?.first)
        #expect(room.sent == [[sent]])
        #expect(text.hasPrefix(sent))
        #expect(TokenEstimate.tokens(in: sent) > 64)
        EmbedRoom.check(rows[0], isOf: [(sent, 1)])
    }

    @Test(arguments: [
        (400, "the input length exceeds the context length"),
        (400, "input exceeds maximum context length"),
        (
            400,
            #"{"error":{"code":400,"message":"request (622 tokens) exceeds the available context size (512 tokens), try increasing it"}}"#
        ),
        (500, "input (807 tokens) is too large to process. increase the physical batch size"),
    ])
    func `a text that the service refuses is found and halved`(
        status: Int, words: String
    ) async throws {
        let room = try Self.room(byteLimit: 2000, status: status, words: words)
        let long = String(Self.prose.prefix(3000))
        let rows = try await room.embed(["a", "b", "c", long, "d"])
        #expect(Set(room.sent).count == room.sent.count, "what will never fit is not asked again")
        let halves = room.sent.flatMap { $0 }.filter { (1000...2000).contains($0.utf8.count) }
        #expect(halves.count == 2)
        #expect(long.hasPrefix(halves[0]))
        #expect(long.hasSuffix(halves[1]))
        #expect(halves[0].utf8.count + halves[1].utf8.count > long.utf8.count, "they overlap")
        for (row, text) in ["a", "b", "c"].enumerated() {
            EmbedRoom.check(rows[row], isOf: [(text, 1)])
        }
        EmbedRoom.check(rows[3], isOf: Self.weighted(halves))
        EmbedRoom.check(rows[4], isOf: [("d", 1)])
    }

    @Test func `a half that is refused is halved again, and weighs the same`() async throws {
        let room = try Self.room(byteLimit: 1000)
        let long = String(Self.prose.prefix(3000))
        let rows = try await room.embed([long])
        let parts = room.sent.filter { $0.allSatisfy { $0.utf8.count <= 1000 } }
        #expect(parts.map(\.count) == [2, 2])
        let halves = room.sent.filter { $0.count == 1 && $0[0].utf8.count < 3000 }.map { $0[0] }
        #expect(halves.count == 2)
        let weights = halves.map { Double(TokenEstimate.tokens(in: $0)) }
        let quarters = zip(parts, weights).flatMap { parts, weight in
            let own = Self.weighted(parts)
            let total = own.reduce(0) { $0 + $1.1 }
            return own.map { ($0.0, $0.1 / total * weight) }
        }
        EmbedRoom.check(rows[0], isOf: quarters)
    }

    @Test(arguments: [prose, dense])
    func `truncation shortens until the text fits`(text: String) async throws {
        let room = try Self.room(byteLimit: 700)
        let rows = try await room.embed([text], .truncate)
        let tries = room.sent.map { $0[0] }
        #expect(tries.allSatisfy { text.hasPrefix($0) })
        let last = try #require(tries.last)
        #expect((350...700).contains(last.utf8.count))
        #expect(tries.dropLast().allSatisfy { $0.utf8.count > 700 })
        EmbedRoom.check(rows[0], isOf: [(last, 1)])
    }

    @Test(arguments: [LongTextRule.truncate, .windows])
    func `a service to which everything is too long is asked a bounded number of times`(
        rule: LongTextRule
    ) async throws {
        let room = try EmbedRoom { _, count in
            count < EmbedRoom.opening
                ? nil : ModelWire.ollamaRefusal(400, "input exceeds maximum context length")
        }
        let error = await EmbedRoom.error { _ = try await room.embed([Self.prose], rule) }
        #expect(error?.fault == .refused("input exceeds maximum context length"))
        #expect(room.sent.count < 64)
    }

    @Test func `a model that cannot read one word is not opened`() async throws {
        let room = try Self.room(byteLimit: 0)
        #expect(
            await room.fault() == .refused("the input length exceeds the context length"))
        #expect(room.service.requests.count == EmbedRoom.opening)
    }

    @Test func `windows whose vectors cancel out are an error`() async throws {
        let room = try EmbedRoom(model: { _ in EmbedRoom.Model(contextLength: 128) }) { texts, _ in
            ModelWire.ollamaEmbeddings(
                texts.enumerated().map { [$0.offset % 2 == 0 ? 1 : -1, 0, 0, 0] })
        }
        // Both windows have 96 tokens by the estimate: 12 marks and 84 of letters, 96 of letters.
        let text = String(repeating: "!", count: 12) + String(repeating: "a", count: 1012)
        #expect(
            await room.fault([text])
                == .unexpected(
                    expected: "windows of text 1 with an average", found: "vectors that cancel out"
                ))
        #expect(room.sent.map(\.count) == [2])
    }
}
