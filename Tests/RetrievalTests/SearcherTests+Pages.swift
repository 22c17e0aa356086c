import Foundation
import Retrieval
import Store
import TestSupport
import Testing

/// What pages say of themselves, and what follows for a search; on 2026-11-20.
extension SearcherTests {
    static let hybridModes: [SearchRequest.Mode] = [.auto, .hybrid, .lexical]

    static func page(_ title: String, _ front: String..., text: String) -> String {
        "---\n" + (["title: \(title)"] + front).joined(separator: "\n") + "\n---\n\(text)\n"
    }

    private func hits(
        _ query: String, _ mode: SearchRequest.Mode = .auto, in room: MemoryRoom,
        _ change: (inout SearchRequest) -> Void = { _ in }
    ) async throws -> [Hit] {
        var request = SearchRequest(query)
        request.mode = mode
        change(&request)
        return try await room.search(request).hits
    }

    @Test func `a superseded page comes after its successor, however it is named`() async throws {
        for name in ["docs/new.md", "new.md", "./new.md", "../docs/new.md", "valve manual"] {
            var files = [
                "docs/old.md": Self.page(
                    "Pump", "superseded_by: \(name)", text: "Prime the pump, prime the pump again."),
                "docs/new.md": Self.page("Valve manual", text: "Open the valve before the pump."),
            ]
            for number in 1...5 { files["docs/p\(number).md"] = "# P\n\nPump number \(number).\n" }
            let room = try await MemoryRoom.indexed(files, embedder: MemoryRoom.hashing)
            for mode in Self.hybridModes {
                let hits = try await hits("prime the pump", mode, in: room)
                let new = try #require(hits.firstIndex { $0.path == "docs/new.md" })
                let old = try #require(hits.firstIndex { $0.path == "docs/old.md" })
                #expect(new < old, "\(name) \(mode)")
                #expect(hits[old].freshness == .superseded)
                #expect(hits[old].supersededBy == "docs/new.md" && hits[old].supersedes == nil)
                #expect(hits[new].supersedes == ["docs/old.md"])
                #expect(hits.map(\.score) == hits.map(\.score).sorted(by: >))
            }
            // Bare vector order.
            let dense = try await hits("prime the pump", .dense, in: room)
            #expect(dense.first?.path == "docs/old.md", "\(name)")
        }
    }

    @Test func `a successor is looked for where a search alone would not find it`() async throws {
        var files = [
            "docs/old.md": Self.page("Pump", "superseded_by: docs/new.md", text: "Prime the pump."),
            "docs/new.md": "# Valve\n\nA valve has nothing to do with it, but for one pump.\n",
            "docs/gone.md": Self.page("Gone pump", "superseded_by: docs/lost.md", text: "Pump."),
        ]
        for number in 1...300 {
            files["noise/n\(number).md"] = "# Pump\n\nPump \(number).\n"
        }
        let room = try await MemoryRoom.indexed(files, embedder: MemoryRoom.hashing)
        for mode in Self.hybridModes {
            let hits = try await hits("prime the pump", mode, in: room)
            let new = try #require(hits.firstIndex { $0.path == "docs/new.md" }, "\(mode)")
            let old = try #require(hits.firstIndex { $0.path == "docs/old.md" }, "\(mode)")
            #expect(new < old)
            // Where a filter leaves the successor out, the old page still says what it is.
            let alone = try await self.hits("prime the pump", mode, in: room) {
                $0.pathPattern = "docs/[og]*.md"
            }
            #expect(Set(alone.map(\.path)) == ["docs/old.md", "docs/gone.md"])
            #expect(alone.allSatisfy { $0.freshness == .superseded })
            #expect(
                Set(alone.map(\.supersededBy)) == ["docs/new.md", "docs/lost.md"])
        }
    }

    @Test func `of two versions of a page the later one comes first`() async throws {
        let text = "Prime the pump and open the valve."
        let room = try await MemoryRoom.indexed(
            [
                "docs/a.md": Self.page("The pump", "verified_at: 2024-05-01", text: text),
                "docs/b.md": Self.page(
                    "the  Pump", "verified_at: 2026-05-01", text: "A valve, and a pump by 7."),
                "docs/c.md": Self.page("The pump", text: "Prime the pump, without a date, by 8."),
                "runbooks/d.md": Self.page(
                    "The pump", "verified_at: 2026-06-01", text: "Prime the pump, by 9."),
            ], embedder: MemoryRoom.hashing)
        for mode in Self.hybridModes {
            let hits = try await hits("prime the pump", mode, in: room)
            let paths = hits.map(\.path)
            let new = try #require(paths.firstIndex(of: "docs/b.md"))
            let old = try #require(paths.firstIndex(of: "docs/a.md"))
            #expect(new < old, "\(mode) \(paths)")
            #expect(hits[old].supersededBy == "docs/b.md" && hits[old].freshness == .superseded)
            // Another kind, or no date, is no version.
            #expect(hits.count { $0.freshness == .superseded } == 1)
        }
    }

    @Test func `age since verified takes a little, and a page without a date keeps all`()
        async throws
    {
        var files: [String: String] = [:]
        for (name, date) in [
            ("today", "2026-11-20"), ("year", "2025-11-20"), ("old", "2020-01-01"),
            ("future", "2030-01-01"),
        ] {
            files["docs/\(name).md"] = Self.page(
                "Pump \(date)", "verified_at: \(date)", text: "Prime the pump.")
        }
        files["docs/none.md"] = Self.page("Pump", "updated: 2001-01-01", text: "Prime the pump.")
        let room = try await MemoryRoom.indexed(files, embedder: MemoryRoom.hashing)
        let hits = try await hits("pump", .lexical, in: room) { $0.explains = true }
        let factors = Dictionary(uniqueKeysWithValues: hits.map { ($0.path, $0.ageFactor) })
        #expect(factors.count == 5)
        let year = try #require(factors["docs/year.md"] ?? nil)
        #expect(abs(year - 0.95) < 1e-9)
        #expect(factors["docs/old.md"] == 0.9)
        for name in ["today", "future", "none"] {
            #expect(factors["docs/\(name).md"] == .some(nil))
        }
    }

    @Test func `owner and dates come from the page, else from facts`() async throws {
        let room = try await MemoryRoom.indexed([
            "docs/full.md": Self.page(
                "Full", "owner: [sre, data]", "verified_at: 2026-11-01", "review_by: 2027-01-01",
                text: "Pump."),
            "docs/bare.md": "# Bare\n\nPump.\n", "docs/silent.md": "# Silent\n\nPump.\n",
        ])
        let writer = try MemoryWriter(room.memory)
        try writer.setFacts(
            [
                ("owner.full", "nobody"), ("owner.bare", "team"),
                ("verified_at.docs/bare.md", "2026-10-01"), ("review_by.bare", "2026-11-01"),
                ("owner.are", "x"), ("owner.docs", "y"),
            ], now: MemoryRoom.now)
        let hits = try await hits("pump", in: room)
        let byPath = Dictionary(uniqueKeysWithValues: hits.map { ($0.path, $0) })
        let full = try #require(byPath["docs/full.md"])
        #expect(full.owner == "sre, data" && full.verifiedAt == "2026-11-01")
        #expect(full.reviewBy == "2027-01-01" && full.freshness == .verified)
        let bare = try #require(byPath["docs/bare.md"])
        #expect(bare.owner == "team" && bare.verifiedAt == "2026-10-01")
        #expect(bare.reviewBy == "2026-11-01" && bare.freshness == .reviewDue)
        let silent = try #require(byPath["docs/silent.md"])
        #expect(silent.owner == nil && silent.verifiedAt == nil && silent.freshness == .unknown)
        // A fact that was set after the day that is judged by is not known yet.
        let before = try await self.hits("pump", in: room) {
            $0.asOf = Moment("2026-11-15", now: MemoryRoom.now)
            $0.pathPattern = "docs/bare.md"
        }
        #expect(before.map(\.owner) == [nil])
    }

    @Test func `trust is told by the place`() async throws {
        let outside = try MemoryRoom(["ext/runbooks/e.md": "# E\n\nPump, from outside.\n"])
        let room = try MemoryRoom([
            "runbooks/r.md": "# R\n\nPump one.\n", "playbooks/p.md": "# P\n\nPump two.\n",
            "docs/d.md": "# D\n\nPump three.\n", "notes/n.md": "# N\n\nPump four.\n",
            "memory/notes/m.md": Self.page("M", "trust: runbook", text: "Pump five."),
            "memory/runs/x/retrospective.md": "# X\n\nPump six.\n",
        ])
        try await room.index(["runbooks", "playbooks", "docs", "notes"])
        try await room.indexKnown()
        _ = try await room.run(IndexRequest(paths: [outside.path("ext")]))
        try room.note([("2026-11-01T00:00:00Z", "Pump")])
        let hits = try await hits("pump", in: room)
        let trust = Dictionary(uniqueKeysWithValues: hits.map { ($0.path, $0.trust) })
        #expect(
            trust == [
                "runbooks/r.md": .runbook, "playbooks/p.md": .runbook, "docs/d.md": .page,
                "notes/n.md": .page, "memory/notes/m.md": .note,
                "memory/runs/x/retrospective.md": .retro, "memory/timeline.ndjson": .event,
                outside.path("ext/runbooks/e.md"): .external,
            ])
    }
}
