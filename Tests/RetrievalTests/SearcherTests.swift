import Documents
import Foundation
import Kernels
import Retrieval
import Store
import TestSupport
import Testing

/// Search by words, by meaning and by both.
@Suite struct SearcherTests {
    /// Twelve pages in two collections' folders, half of them runbooks.
    static let files: [String: String] = {
        var files: [String: String] = [:]
        for number in 1...6 {
            files["runbooks/r\(number).md"] =
                "# Queue \(number)\n\nRedrive the queue \(number) of dead letters.\n"
            files["docs/d\(number).md"] =
                "# Note \(number)\n\nA queue, number \(number), and more about KubePodCrashLooping.\n"
        }
        return files
    }()

    static func room(_ embedder: EmbedderAvailability) async throws -> MemoryRoom {
        let room = try MemoryRoom(files, embedder: embedder)
        try await room.index(["runbooks", "docs"])
        return room
    }

    static let modes: [SearchRequest.Mode] = [.auto, .hybrid, .lexical, .dense]

    @Test func `each mode says what it did`() async throws {
        let words = try await Self.room(MemoryRoom.words)
        let both = MemoryRoom(words, embedder: MemoryRoom.hashing)
        try await both.index()
        for mode in Self.modes {
            var request = SearchRequest("queue")
            request.mode = mode
            let reply = try await both.search(request)
            #expect(reply.mode == (mode == .auto ? .hybrid : mode))
            #expect(reply.degraded.isEmpty && reply.hits.count == 10, "\(mode)")
            #expect(reply.query == "queue" && reply.shape == .prose)
            guard mode != .dense else { continue }
            let poor = try await words.search(request)
            #expect(poor.mode == .lexical)
            #expect(poor.degraded.isEmpty == (mode == .lexical), "\(mode)")
            #expect(poor.degraded.allSatisfy { $0.contains("none in tests") })
        }
    }

    @Test func `dense search without an embedder is an error`() async throws {
        let room = try await Self.room(MemoryRoom.words)
        var request = SearchRequest("queue")
        request.mode = .dense
        await #expect(throws: RetrievalError.embedderUnavailable(reason: "none in tests")) {
            try await room.search(request)
        }
    }

    @Test func `a strict request does not put up with less`() async throws {
        let room = try await Self.room(MemoryRoom.words)
        let partial = MemoryRoom(room, embedder: MemoryRoom.hashing)
        var request = SearchRequest("queue")
        request.isStrict = true
        for room in [room, partial] {
            await #expect(throws: RetrievalError.self) { try await room.search(request) }
        }
        try await partial.index()
        #expect(try await partial.search(request).hits.count == 10)
        request.mode = .lexical
        #expect(try await room.search(request).degraded.isEmpty)
    }

    @Test func `filters come before the cut to the best`() async throws {
        var files = Self.files
        // Better hits than any other, in a place of their own.
        for number in 1...150 { files["noise/n\(number).md"] = "# Queue\n\nqueue queue queue\n" }
        let room = try MemoryRoom(files, embedder: MemoryRoom.hashing)
        try await room.index(["runbooks", "docs", "noise"])
        for mode in Self.modes {
            for limit in [0, 1, 3, 6, 10] {
                func count(_ change: (inout SearchRequest) -> Void) async throws -> [String] {
                    var request = SearchRequest("queue")
                    request.mode = mode
                    request.limit = limit
                    change(&request)
                    return try await room.search(request).hits.map(\.path)
                }
                let expected = min(limit, 6)
                let byCollection = try await count { $0.collections = ["docs"] }
                #expect(byCollection.count == expected, "\(mode) \(limit)")
                #expect(byCollection.allSatisfy { $0.hasPrefix("docs/") })
                let byPath = try await count { $0.pathPattern = "docs/*.md" }
                #expect(byPath.count == expected && byPath.allSatisfy { $0.hasPrefix("docs/") })
                let byKind = try await count { $0.kind = "runbook" }
                #expect(byKind.count == expected && byKind.allSatisfy { $0.hasPrefix("runbooks/") })
                let both = try await count {
                    $0.collections = ["docs", "runbooks"]
                    $0.pathPattern = "**/?1.md"
                }
                #expect(both.count == min(limit, 2))
                #expect(try await count { $0.collections = ["none"] }.isEmpty)
                #expect(try await count { $0.kind = "Runbook" }.isEmpty)
            }
        }
    }

    /// The paths that a pattern leaves.
    func check(
        _ pattern: String, _ expected: [String], in room: MemoryRoom,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        var request = SearchRequest("word")
        request.pathPattern = pattern
        let paths = try await room.search(request).hits.map(\.path).sorted()
        #expect(paths == expected.sorted(), "\(pattern)", sourceLocation: sourceLocation)
    }

    @Test func `path patterns are those of a shell`() async throws {
        let names = ["a.md", "docs/b.md", "docs/in/c.md", "docs/in/[x].md", "docs/in/é.md"]
        let room = try await MemoryRoom.indexed(
            Dictionary(uniqueKeysWithValues: names.map { ($0, "# T\n\nword\n") }))
        try await check("**", names, in: room)
        try await check("*.md", names, in: room)
        try await check("docs/*.md", ["docs/b.md"], in: room)
        try await check("docs/**", Array(names.dropFirst()), in: room)
        try await check("docs/**/*.md", Array(names.dropFirst()), in: room)
        try await check("docs/*/c.md", ["docs/in/c.md"], in: room)
        try await check("**/c.md", ["docs/in/c.md"], in: room)
        try await check("c.md", ["docs/in/c.md"], in: room)
        try await check("docs/in/\\[x].md", ["docs/in/[x].md"], in: room)
        try await check("docs/in/[[]x].md", ["docs/in/[x].md"], in: room)
        try await check("[a-b].md", ["a.md", "docs/b.md"], in: room)
        try await check("[!a-b].md", ["docs/in/c.md"], in: room)
        try await check("é.md", ["docs/in/é.md"], in: room)
        try await check("?.md", ["a.md", "docs/b.md", "docs/in/c.md"], in: room)
        for none in ["docs", "b", "A.md", "/docs/b.md/x", "docs/b.md/**/x", "[", "a", "*.txt"] {
            try await check(none, [], in: room)
        }
    }

    @Test func `dense order is the order of the vectors, ties by id`() async throws {
        let room = try await Self.room(MemoryRoom.hashing)
        let embedder = HashingEmbedder()
        var request = SearchRequest("redrive dead letters")
        request.mode = .dense
        request.limit = 200
        let hits = try await room.search(request).hits
        let query = embedder.vector(of: request.query)
        let passages = try room.documents().flatMap { try room.reader().passages(ofDocumentAt: $0) }
        let expected = passages.map { passage -> (score: Double, id: Int64) in
            let text = passage.chunk.breadcrumb + "\n" + passage.chunk.body
            let vector = embedder.vector(of: text)
            return (zip(query, vector).reduce(0) { $0 + Double($1.0 * $1.1) }, passage.id.rawValue)
        }
        #expect(hits.count == expected.count)
        for (hit, next) in zip(hits, hits.dropFirst()) {
            #expect(
                hit.score > next.score || (hit.score == next.score && hit.chunkID < next.chunkID))
        }
        for hit in hits {
            let score = expected.first { $0.id == hit.chunkID }?.score ?? -2
            #expect(abs(score - hit.score) < 1e-5)
        }
    }

    @Test func `channels tell each part, and fusion adds them up`() async throws {
        let room = try await Self.room(MemoryRoom.hashing)
        var request = SearchRequest("redrive dead letters")
        request.limit = 200
        #expect(try await room.search(request).hits.allSatisfy { $0.channels == nil })
        request.explains = true
        let hits = try await room.search(request).hits
        #expect(hits.count == 12)
        // Each on its own scale, by the weights for prose.
        let weights = try #require(try await room.search(request).route?.weights)
        let total = weights.values.reduce(0, +)
        let words = hits.compactMap { $0.channels?["lexical"]?.score }.max() ?? 0
        let near = hits.compactMap { $0.channels?["dense"]?.score }
        let (least, most) = (near.min() ?? 0, near.max() ?? 0)
        #expect(words > 0 && near.count == 12 && most > least)
        for (index, hit) in hits.enumerated() {
            let channels = try #require(hit.channels)
            #expect(Set(channels.keys).isSubset(of: ["lexical", "dense", "heading"]))
            let lexical = channels["lexical"].map { $0.score / words } ?? 0
            let dense = channels["dense"].map { ($0.score - least) / (most - least) } ?? 0
            let parts: [SearchChannel: Double] = [
                .lexical: lexical, .dense: dense, .heading: channels["heading"]?.score ?? 0,
            ]
            let sum = parts.reduce(0) { $0 + $1.value * (weights[$1.key] ?? 0) }
            #expect(abs(hit.score - sum / total) < 1e-12)
            #expect(hit.rank == index + 1)
            if index > 0 { #expect(hits[index - 1].score >= hit.score) }
        }
        for channel in ["lexical", "dense"] {
            let scores = hits.compactMap { $0.channels?[channel] }.sorted { $0.rank < $1.rank }
            #expect(scores.map(\.rank) == Array(1...scores.count))
            for (better, worse) in zip(scores, scores.dropFirst()) {
                #expect(better.score >= worse.score)
            }
        }
    }

    @Test func `a name is a query of its own shape and is found by its words`() async throws {
        for embedder in [MemoryRoom.words, MemoryRoom.hashing] {
            let room = try await Self.room(embedder)
            for query in ["KubePodCrashLooping", "kube_pod_crash_looping", "kube-pod"] {
                let reply = try await room.search(query)
                #expect(reply.shape == .identifier)
                #expect(reply.hits.first?.path.hasPrefix("docs/") == true, "\(query)")
            }
        }
    }

    @Test func `a misspelt name is found where a heading alone says it, or the text alone`()
        async throws
    {
        let room = try await MemoryRoom.indexed(
            [
                "docs/heading.md": MemoryRoom.page("KubePodCrashLooping", sections: ["A", "B"]),
                "docs/text.md": "# Restarts\n\nSee KubePodCrashLooping.\n",
                "docs/other.md": "# Pods\n\nPods of Kube crash, and loop.\n",
            ], embedder: MemoryRoom.words)
        var request = SearchRequest("KubePodCrashLoping")
        request.explains = true
        let hits = try await room.search(request).hits
        let near = hits.filter { $0.channels?["name"]?.score ?? 0 > 1.9 }.map(\.path)
        #expect(near.sorted() == ["docs/heading.md", "docs/heading.md", "docs/text.md"])
    }

    @Test func `hits cite the lines that hold their text`() async throws {
        let text = MemoryRoom.page("Page", sections: ["Alpha", "Beta", "Gamma"])
        let crlf = text.replacing("\n", with: "\r\n")
        let room = try await MemoryRoom.indexed(
            ["docs/a.md": text, "docs/b.md": crlf.replacing("matter", with: "affair")],
            embedder: MemoryRoom.hashing)
        for mode in Self.modes {
            var request = SearchRequest("beta told part")
            request.mode = mode
            let hits = try await room.search(request).hits
            #expect(hits.count == 6, "\(mode)")
            for hit in hits {
                let wanted = ExcerptRequest("\(hit.path):\(hit.startLine)-\(hit.endLine)")
                let excerpt = try FileExcerpt.read(
                    wanted, paths: room.paths, reader: room.reader())
                let stored = try room.reader().passages([ChunkID(rawValue: hit.chunkID)])
                let text = excerpt.text.replacing("\r\n", with: "\n")
                #expect(stored.first?.chunk.body == text.replacing("\r", with: ""))
                #expect(excerpt.hash == hit.hash)
                #expect(excerpt.startLine == hit.startLine && excerpt.endLine == hit.endLine)
            }
        }
    }
}
