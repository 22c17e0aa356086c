import Foundation
import Retrieval
import Store
import TestSupport
import Testing

/// Passages that say the same are one hit; neighbours of a hit.
@Suite struct FoldingTests {
    static let text = "# Pump\n\nPrime the pump before you open the valve, and listen to it.\n"

    private func hits(
        _ room: MemoryRoom, _ mode: SearchRequest.Mode, limit: Int = 10
    ) async throws -> [Hit] {
        var request = SearchRequest("prime the pump")
        request.mode = mode
        request.limit = limit
        return try await room.search(request).hits
    }

    @Test func `copies are one hit that names the others, and others take their places`()
        async throws
    {
        var files: [String: String] = [:]
        for number in 1...4 { files["copies/c\(number).md"] = Self.text }
        files["copies/c5.md"] = Self.text.replacing(" the ", with: "  THE\n")
        for number in 1...20 {
            files["docs/d\(number).md"] = "# Valve\n\nA pump, number \(number).\n"
        }
        let room = try await MemoryRoom.indexed(files, embedder: MemoryRoom.hashing)
        for mode in SearcherTests.hybridModes {
            for limit in [1, 5, 10, 21] {
                let hits = try await hits(room, mode, limit: limit)
                #expect(hits.count == limit, "\(mode)")
                #expect(hits.map(\.rank) == Array(1...limit))
                let copied = hits.filter { $0.alsoAt != nil }
                let first = try #require(copied.first)
                #expect(copied.count == 1 && first.rank == 1)
                let places = [first.path] + (first.alsoAt ?? []).map(\.path)
                #expect(places.sorted() == (1...5).map { "copies/c\($0).md" })
                #expect(first.alsoAt?.first?.startLine == 1)
            }
            #expect(try await hits(room, mode, limit: 200).count == 21)
        }
        let dense = try await hits(room, .dense, limit: 200)
        #expect(dense.count == 25 && dense.allSatisfy { $0.alsoAt == nil })
    }

    @Test func `very many copies leave room for every other page`() async throws {
        var files: [String: String] = [:]
        for number in 1...160 { files["copies/c\(number).md"] = Self.text }
        for number in 1...9 {
            files["docs/d\(number).md"] = "# Valve\n\nA pump, number \(number).\n"
        }
        let room = try await MemoryRoom.indexed(files, embedder: MemoryRoom.hashing)
        for mode in SearcherTests.hybridModes {
            let hits = try await hits(room, mode)
            #expect(hits.count == 10, "\(mode)")
            #expect(hits[0].alsoAt?.count == 159)
        }
    }

    @Test func `of two copies the one that is not superseded is shown`() async throws {
        let text = "Prime the pump before you open the valve, and listen to it."
        let room = try await MemoryRoom.indexed([
            "docs/a.md": SearcherTests.page("Prime pump", "verified_at: 2024-01-01", text: text),
            "docs/b.md": SearcherTests.page("Prime pump", "verified_at: 2026-01-01", text: text),
        ])
        let hits = try await hits(room, .lexical)
        #expect(hits.map(\.path) == ["docs/b.md"])
        #expect(hits.first?.alsoAt?.map(\.path) == ["docs/a.md"])
        #expect(hits.first?.freshness == .verified)
    }

    @Test func `events are never put in one`() async throws {
        let room = try await MemoryRoom.indexed(["docs/a.md": "# A\n\nNothing.\n"])
        let summary = "prime the pump and open the valve again"
        try room.note((1...3).map { ("2026-11-0\($0)T00:00:00Z", summary) })
        #expect(try await hits(room, .lexical).map(\.startLine).sorted() == [1, 2, 3])
    }

    @Test func `neighbours are the passages before and behind`() async throws {
        let sections = ["Alpha", "Beta", "Gamma", "Delta", "Omega"]
        let room = try await MemoryRoom.indexed(
            [
                "docs/a.md": MemoryRoom.page("Page", sections: sections),
                "docs/z.md": MemoryRoom.page("Other", sections: ["Zeta"]),
            ], embedder: MemoryRoom.hashing)
        func around(_ word: String, _ reach: Int) async throws -> (Hit, [String]?) {
            var request = SearchRequest(word)
            request.neighbours = reach
            request.limit = 1
            let hit = try #require(try await room.search(request).hits.first)
            for place in hit.neighbours ?? [] {
                #expect(place.path == hit.path)
                #expect(place.endLine < hit.startLine || place.startLine > hit.endLine)
            }
            return (
                hit,
                hit.neighbours?.map { String($0.breadcrumb.split(separator: " ").last ?? "") }
            )
        }
        #expect(try await around("Gamma", 0).1 == nil)
        #expect(try await around("Gamma", 1).1 == ["Beta", "Delta"])
        #expect(try await around("Gamma", 9).1 == ["Alpha", "Beta", "Delta", "Omega"])
        #expect(try await around("Alpha", 2).1 == ["Beta", "Gamma"])
        #expect(try await around("Omega", 1).1 == ["Delta"])
        #expect(try await around("Zeta", 3).1 == [])
    }

    @Test func `neighbours of an event keep to the times that are asked for`() async throws {
        let room = try await MemoryRoom.indexed(["docs/a.md": "# A\n\nNothing.\n"])
        try room.note(
            (1...5).map { ("2026-11-0\($0)T00:00:00Z", $0 == 3 ? "prime" : "other") })
        var request = SearchRequest("prime")
        request.neighbours = 9
        #expect(
            try await room.search(request).hits.first?.neighbours?.map(\.startLine) == [1, 2, 4, 5])
        request.asOf = Moment("2026-11-04", now: MemoryRoom.now)
        #expect(
            try await room.search(request).hits.first?.neighbours?.map(\.startLine) == [1, 2, 4])
    }
}
