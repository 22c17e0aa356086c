import Retrieval
import TestSupport
import Testing

/// What a page says of its own age, on 2026-11-20.
@Suite struct FreshnessTests {
    /// The freshness of a page with some front matter.
    static func check(
        _ yaml: String, _ expected: Freshness, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let text = yaml.isEmpty ? "# T\n\nword\n" : "---\n\(yaml)\n---\n# T\n\nword\n"
        let room = try await MemoryRoom.indexed(["docs/a.md": text])
        let freshness = try await room.search("word").hits.first?.freshness
        #expect(freshness == expected, "\(yaml)", sourceLocation: sourceLocation)
    }

    @Test func `the dates of the front matter tell`() async throws {
        try await Self.check("", .unknown)
        try await Self.check("title: x", .unknown)
        try await Self.check("verified_at: 2026-01-01", .verified)
        try await Self.check("verified_at: 2026-01-01\nreview_by: 2026-11-19", .reviewDue)
        try await Self.check("verified_at: 2026-01-01\nreview_by: 2026-11-20", .verified)
        try await Self.check("verified_at: 2026-01-01\nreview_by: 2026-11-21", .verified)
        try await Self.check("review_by: 2020-01-01", .reviewDue)
        try await Self.check("review_by: 2030-01-01", .unknown)
        try await Self.check("review_by: \"2020-01-01\"", .reviewDue)
        try await Self.check("superseded_by: b.md\nverified_at: 2026-01-01", .superseded)
        try await Self.check("superseded_by: \"\"\nverified_at: 2026-01-01", .verified)
        try await Self.check("superseded_by:\nreview_by: 2020-01-01", .reviewDue)
        try await Self.check("verified_at: [broken", .unknown)
    }

    @Test func `a date in the past is in the past however it is written`() async throws {
        try await Self.check("verified_at: 2026-01-01\nreview_by: 2026-9-1", .reviewDue)
        try await Self.check("verified_at: 2026-01-01\nreview_by: 2026-09-01T12:00:00Z", .reviewDue)
    }

    @Test func `a page that says nothing of when it was verified is not verified`() async throws {
        try await Self.check("verified_at:", .unknown)
        try await Self.check("verified_at: ''", .unknown)
    }
}
