import Store
import TestSupport
import Testing

/// Names are found by their letters, and a user's letters are never syntax.
struct NameMatchTests {
    let memory: MemoryFixture

    init() throws { memory = try MemoryFixture() }

    private static let names = [
        "kube pod crash looping", "kube node not ready", "alertmanager failed reload",
        "orders dlq", "Ünïcode nämen",
    ]

    private func fill(_ writer: MemoryWriter) throws {
        _ = try writer.put(
            document("a.md"),
            chunks: Self.names.map { chunk("about " + $0, identifiers: $0) })
    }

    private func first(_ name: String, in reader: MemoryReader) throws -> Int64? {
        guard let query = NameQuery([name]) else { return nil }
        return try reader.nameMatches(query, limit: 10).first?.id.rawValue
    }

    @Test func `a typo does no harm`() throws {
        let writer = try MemoryWriter(memory.paths)
        try fill(writer)
        for (index, name) in Self.names.enumerated() {
            for place in 1..<(name.count - 1) {
                var characters = Array(name)
                guard characters[place].isLetter else { continue }
                characters.remove(at: place)
                let query = String(characters)
                #expect(try first(query, in: writer.reader) == Int64(index + 1), "\(query)")
            }
        }
        let documents = try writer.reader.documentSummaries().map(\.rowID)
        let query = try #require(NameQuery(["orders"]))
        #expect(
            try writer.reader.nameMatches(query, in: PassageScope(documents: documents), limit: 9)
                .count == 1)
        #expect(
            try writer.reader.nameMatches(query, in: PassageScope(documents: []), limit: 9).isEmpty)
    }

    @Test func `letters are never syntax, and fewer than three are no query`() throws {
        let writer = try MemoryWriter(memory.paths)
        try fill(writer)
        for none in ["", "a", "ab", "a-b.c", "\"\"\"", "😀😀😀", "*** OR", "( )"] {
            #expect(NameQuery([none]) == nil, "\(none)")
        }
        for name in ["\"kube\" OR", "NEAR(kube)", "kube*", "^kube", "a\0kube", "kube'; --"] {
            #expect(try first(name, in: writer.reader) != nil, "\(name.debugDescription)")
        }
        let long = String(repeating: "kubepod", count: 5000)
        #expect(try first(long, in: writer.reader) != nil)
    }

    @Test func `the letters stay in step with the passages`() throws {
        let writer = try MemoryWriter(memory.paths)
        try fill(writer)
        _ = try writer.put(
            document("a.md"),
            chunks: [
                chunk("about orders dlq", identifiers: "payments dlq"),
                chunk("new", identifiers: "redis failover"),
            ])
        #expect(try first("crash looping", in: writer.reader) == nil)
        #expect(try first("paymants", in: writer.reader) == 4)
        #expect(try first("failovr", in: writer.reader) != nil)
        if MemoryFixture.hasPython { try memory.checkIntegrity() }
        _ = try writer.removeDocuments(["a.md"])
        #expect(try first("failover", in: writer.reader) == nil)
        if MemoryFixture.hasPython { try memory.checkIntegrity() }
    }

    /// A memory of the time before names had a table of their own.
    @Test(.enabled(if: MemoryFixture.hasPython))
    func `an older memory is read without names, and gets them when it is written`() throws {
        try memory.write { try fill($0) }
        _ = try memory.python(
            """
            db.execute("DROP TABLE chunk_names")
            db.execute("DELETE FROM grdb_migrations WHERE identifier = '3 names'")
            """)
        let reader = try MemoryReader(memory.paths)
        #expect(try first("kube pod crsh looping", in: reader) == nil)
        let found = try memory.write { try first("kube pod crsh looping", in: $0.reader) }
        #expect(found == 1)
        let reopened = try MemoryReader(memory.paths)
        #expect(try first("orders dlqq", in: reopened) == 4)
        try memory.checkIntegrity()
    }

    @Test func `headings and texts are told by id`() throws {
        let writer = try MemoryWriter(memory.paths)
        try fill(writer)
        let ids = [2, 99].map { ChunkID(rawValue: $0) }
        let found = try writer.reader.headings(of: ids)
        #expect(found == [PassageHeading(id: ids[0], document: 1, breadcrumb: "Crumb")])
        #expect(try writer.reader.headings(of: []).isEmpty)
        let body = try #require(writer.reader.passages([ids[0]]).first?.chunk.body)
        #expect(try writer.reader.bodies(of: ids) == [ids[0]: body])
        #expect(try writer.reader.bodies(of: []).isEmpty)
    }
}
