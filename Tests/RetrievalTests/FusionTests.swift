import Foundation
import Retrieval
import TestSupport
import Testing

/// Channels put together.
@Suite struct FusionTests {
    static func room() async throws -> MemoryRoom {
        var files: [String: String] = [:]
        for number in 0..<300 {
            let words = (0...(number % 7)).map { "w\($0 * number % 11)" }.joined(separator: " ")
            files["p\(number).md"] = "# Page \(number)\n\nA queue and \(words).\n"
        }
        return try await MemoryRoom.indexed(files, embedder: MemoryRoom.hashing)
    }

    @Test func `the first hits do not depend on how many are asked for`() async throws {
        let room = try await Self.room()
        var request = SearchRequest("queue w3 w7")
        request.limit = 10
        let few = try await room.search(request).hits
        request.limit = 290
        let many = try await room.search(request).hits
        #expect(few.map(\.chunkID) == many.prefix(10).map(\.chunkID))
        #expect(many.count > 200 && Set(many.map(\.chunkID)).count == many.count)
    }

    @Test func `a channel without weight brings nothing in`() async throws {
        let room = try await Self.room()
        let parameters = RankingParameters(
            weights: Dictionary(
                uniqueKeysWithValues: QueryShape.allCases.map { ($0, [.dense: 1]) }))
        func ids(_ mode: SearchRequest.Mode, _ parameters: RankingParameters) async throws
            -> [Int64]
        {
            var request = SearchRequest("queue w3 w7")
            request.mode = mode
            return try await Searcher(
                room.reader(), paths: room.paths, embedder: room.embedder, vectors: room.vectors,
                parameters: parameters
            ).search(request, now: MemoryRoom.now).hits.map(\.chunkID)
        }
        let dense = try await ids(.dense, .shipped)
        #expect(try await ids(.hybrid, parameters) == dense)
        #expect(try await ids(.hybrid, .shipped) != dense)
    }

    @Test func `parameters are kept as JSON`() throws {
        let bytes = try JSONEncoder().encode(RankingParameters.shipped)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains(#""prose":{"#), "\(text)")
        #expect(try JSONDecoder().decode(RankingParameters.self, from: bytes) == .shipped)
    }
}
