import Foundation
import Retrieval
import TestSupport
import Testing

/// Times as people write them.
@Suite struct MomentTests {
    /// The first and the last second of a text, as ISO 8601.
    func check(
        _ text: String, _ first: String?, _ last: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let moment = Moment(text, now: MemoryRoom.now)
        #expect(moment?.first.ISO8601Format() == first, "\(text)", sourceLocation: sourceLocation)
        #expect(
            moment?.last.ISO8601Format() == last ?? first, "\(text)",
            sourceLocation: sourceLocation)
    }

    @Test func `a time is as exact as it was written`() {
        check("2026", "2026-01-01T00:00:00Z", "2026-12-31T23:59:59Z")
        check("2024-02", "2024-02-01T00:00:00Z", "2024-02-29T23:59:59Z")
        check("2026-10-06", "2026-10-06T00:00:00Z", "2026-10-06T23:59:59Z")
        check("2026-9-1", "2026-09-01T00:00:00Z", "2026-09-01T23:59:59Z")
        check("2026-10-06T08:30", "2026-10-06T08:30:00Z")
        check("2026-10-06T08:30:15Z", "2026-10-06T08:30:15Z")
        check("2026-10-06 08:30:15.25", "2026-10-06T08:30:15Z")
    }

    @Test func `an offset is taken off`() {
        check("2026-10-06T08:30:00+02:00", "2026-10-06T06:30:00Z")
        check("2026-10-06T23:30:00-0530", "2026-10-07T05:00:00Z")
        check("2026-10-06T08:30:00+24:00", nil)
    }

    @Test func `an age is counted back from now`() {
        check("7d", "2026-11-13T00:00:00Z")
        check("24h", "2026-11-19T00:00:00Z")
        check("90s", "2026-11-19T23:58:30Z")
    }

    @Test func `what is no time is none`() {
        for text in [
            "", " ", "yesterday", "7", "d", "-7d", "0d", "26-10-06", "2026-13-01", "2026-02-29",
            "2026-00-10", "2026-10-06T", "2026-10-06T25:00", "2026-10-06T10:61:00", "2026-10-06x",
            "2026/10/06", "2026-10-06T10:00:00 CET", "２０２６-10-06", "99999999999999999999",
        ] {
            check(text, nil)
        }
    }

    @Test func `any second reads back as what Foundation writes`() {
        var generator = SeededGenerator(seed: 20)
        for _ in 0..<500 {
            let text = Date(
                timeIntervalSince1970: Double(
                    Int.random(in: -2_000_000_000...4_000_000_000, using: &generator))
            ).ISO8601Format()
            check(text, text)
        }
    }
}
