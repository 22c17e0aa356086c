import Foundation
import Retrieval
import Store
import TestSupport
import Testing

/// Filters by time, tag and place count before the best are taken.
extension SearcherTests {
    /// A page made by chance, with what a filter looks at.
    struct Made {
        let path, collection, kind: String
        let tags: Set<String>
        let day: String?

        static let collections = ["runbooks", "docs", "misc"]
        static let kinds = ["runbook", "document", "document"]
        static let tags = ["queue", "Disk", "net"]

        init(_ number: Int, _ generator: inout SeededGenerator) {
            let place = Int.random(in: 0..<3, using: &generator)
            collection = Self.collections[place]
            kind = Self.kinds[place]
            path = "\(collection)/p\(number).md"
            tags = Set(Self.tags.filter { _ in Bool.random(using: &generator) })
            let (month, date) = (
                Int.random(in: 1...12, using: &generator), Int.random(in: 1...28, using: &generator)
            )
            day =
                Int.random(in: 0..<4, using: &generator) == 0
                ? nil : "2026-\(month < 10 ? "0" : "")\(month)-\(date < 10 ? "0" : "")\(date)"
        }

        var text: String {
            let date = day.map { ["verified_at", "updated", "date"][path.count % 3] + ": \($0)\n" }
            return """
                ---
                tags: [\(tags.sorted().joined(separator: ", "))]
                \(date ?? "")---
                # \(path)

                Prime the pump of \(path) and more.

                """
        }
    }

    static func madeRoom(_ made: [Made]) async throws -> MemoryRoom {
        let room = try MemoryRoom(
            Dictionary(uniqueKeysWithValues: made.map { ($0.path, $0.text) }),
            embedder: MemoryRoom.hashing)
        try await room.index(Made.collections)
        return room
    }

    @Test func `every filter leaves what a look at each page leaves`() async throws {
        var generator = SeededGenerator(seed: 11)
        let made = (0..<150).map { Made($0, &generator) }
        let room = try await Self.madeRoom(made)
        var counts: Set<Int> = []
        for round in 0..<60 {
            var request = SearchRequest("prime the pump")
            request.mode = Self.modes[round % Self.modes.count]
            request.limit = 200
            var expected = made
            func chance() -> Bool { Int.random(in: 0..<3, using: &generator) == 0 }
            func day() -> String {
                "2026-\(Int.random(in: 10...12, using: &generator))-\(Int.random(in: 10...28, using: &generator))"
            }
            if chance() {
                request.collections = ["docs", "misc"]
                expected.removeAll { $0.collection == "runbooks" }
            }
            if chance() {
                request.kind = "document"
                expected.removeAll { $0.kind != "document" }
            }
            if chance() {
                request.pathPattern = "*/p?[0-5].md"
                expected.removeAll { $0.path.wholeMatch(of: /[a-z]+\/p[0-9][0-5]\.md/) == nil }
            }
            if chance() {
                request.tags = ["QUEUE", "disk"]
                expected.removeAll { !$0.tags.isSuperset(of: ["queue", "Disk"]) }
            }
            if chance() {
                let since = "2026-0\(Int.random(in: 1...9, using: &generator))-15"
                request.since = Moment(since, now: MemoryRoom.now)
                // Days in this form have the order of their texts.
                expected.removeAll { $0.day.map { $0 < since } ?? true }
            }
            if chance() {
                let until = day()
                request.until = Moment(until, now: MemoryRoom.now)
                expected.removeAll { $0.day.map { $0 > until } ?? true }
            }
            if chance() {
                let asOf = day()
                request.asOf = Moment(asOf, now: MemoryRoom.now)
                expected.removeAll { $0.day.map { $0 > asOf } ?? false }
            }
            let found = try await room.search(request).hits.map(\.path)
            #expect(Set(found) == Set(expected.map(\.path)), "\(request)")
            #expect(found.count == expected.count)
            counts.insert(expected.count)
            for limit in [1, 7] {
                request.limit = limit
                let some = try await room.search(request).hits.map(\.path)
                #expect(some == Array(found.prefix(limit)), "\(request)")
            }
        }
        #expect(counts.count > 15)
    }

    @Test func `events are kept to the same times, whatever offset they are written in`()
        async throws
    {
        let room = try await MemoryRoom.indexed(
            ["docs/a.md": "# A\n\nNothing here.\n"], embedder: MemoryRoom.hashing)
        let times = [
            "2026-11-01T10:00:00Z", "2026-11-02T00:30:00+02:00", "2026-11-02", "yesterday",
            "2026-11-03T23:59:59.500Z", "2026-11-04T00:00:00Z",
        ]
        try room.note(times.enumerated().map { ($1, "pump number \($0)") })
        try await room.indexKnown()
        func lines(_ mode: SearchRequest.Mode, _ change: (inout SearchRequest) -> Void)
            async throws -> [Int]
        {
            var request = SearchRequest("pump number")
            request.mode = mode
            request.kind = "event"
            change(&request)
            return try await room.search(request).hits.map(\.startLine).sorted()
        }
        func time(_ text: String) -> Moment? { Moment(text, now: MemoryRoom.now) }
        for mode in Self.modes {
            #expect(try await lines(mode) { _ in } == [1, 2, 3, 4, 5, 6])
            #expect(
                try await lines(mode) { $0.since = time("2026-11-02") } == [3, 5, 6], "\(mode)")
            #expect(try await lines(mode) { $0.until = time("2026-11-01") } == [1, 2])
            #expect(try await lines(mode) { $0.asOf = time("2026-11-03") } == [1, 2, 3, 5])
            #expect(
                try await lines(mode) {
                    $0.since = time("2026-11-01T12:00:00Z")
                    $0.until = time("2026-11-03")
                } == [2, 3, 5])
            #expect(try await lines(mode) { $0.since = time("2027") } == [])
            #expect(try await lines(mode) { $0.tags = ["x"] } == [])
        }
        // Without --kind they fill up what pages leave, of the same times.
        var request = SearchRequest("pump number")
        request.asOf = time("2026-11-01")
        request.mode = .lexical
        #expect(try await room.search(request).hits.map(\.startLine).sorted() == [1, 2])
    }

    @Test func `a day to judge by hides what came later`() async throws {
        let room = try await MemoryRoom.indexed([
            "docs/old.md": Self.page(
                "Old", "verified_at: 2025-01-01", "review_by: 2025-06-01",
                "superseded_by: new.md", text: "Prime the pump, the old way."),
            "docs/new.md": Self.page(
                "New", "verified_at: 2026-01-01", text: "Prime the pump, the new way."),
            "docs/none.md": "# None\n\nPrime the pump, some day.\n",
        ])
        func state(_ day: String) async throws -> [String: Freshness] {
            var request = SearchRequest("prime the pump")
            request.asOf = Moment(day, now: MemoryRoom.now)
            return Dictionary(
                uniqueKeysWithValues: try await room.search(request).hits.map {
                    ($0.path, $0.freshness)
                })
        }
        #expect(try await state("2024-12-31") == ["docs/none.md": .unknown])
        #expect(
            try await state("2025-05-31") == ["docs/none.md": .unknown, "docs/old.md": .verified])
        #expect(
            try await state("2025-06-02") == ["docs/none.md": .unknown, "docs/old.md": .reviewDue])
        #expect(
            try await state("2026-01-01") == [
                "docs/none.md": .unknown, "docs/old.md": .superseded, "docs/new.md": .verified,
            ])
    }

    @Test func `a small collection beside a huge one is never starved`() async throws {
        var files: [String: String] = [:]
        for number in 0..<50 {
            let sections = (0..<100).map { "Pump \(number * 100 + $0)" }
            files["huge/h\(number).md"] = MemoryRoom.page("Pump pump", sections: sections)
        }
        for number in 0..<5 {
            files["small/s\(number).md"] = "# Valve \(number)\n\nA pump \(number).\n"
        }
        let room = try MemoryRoom(files, embedder: MemoryRoom.hashing)
        try await room.index(["huge", "small"])
        #expect(try room.reader().figures(fingerprint: nil).chunks == 5005)
        for mode in Self.modes {
            for query in ["pump", "pump_pump", "Pump pump more is told about the matter"] {
                for (limit, expected) in [(3, 3), (5, 5), (10, 5)] {
                    var request = SearchRequest(query)
                    request.mode = mode
                    request.limit = limit
                    request.collections = ["small"]
                    let hits = try await room.search(request).hits
                    #expect(hits.count == expected, "\(mode) \(query) \(limit)")
                    #expect(hits.allSatisfy { $0.collection == "small" })
                }
            }
        }
    }
}
