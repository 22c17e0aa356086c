import Retrieval
import Store
import Testing

struct HeadingCoverageTests {
    /// The headings that a query covers, best first, with their scores.
    private func covered(_ query: String, _ headings: [String]) -> [(String, Double)] {
        let numbered = Dictionary(
            uniqueKeysWithValues: headings.enumerated().map {
                (ChunkID(rawValue: Int64($0)), $1)
            })
        return HeadingCoverage(of: query).matches(numbered).map {
            (numbered[$0.id] ?? "", $0.score)
        }
    }

    @Test func `a heading whose words are all in the query stands before one that says more`() {
        let query = "Node is not ready. It has been unready for more than 15 minutes on a cluster."
        let headings = [
            "KubeNodeNotReady › Kube cluster autoscaler", "Node not ready", "Redis", "Nodes",
        ]
        let found = covered(query, headings)
        #expect(found.map(\.0) == ["Node not ready", "Nodes", headings[0]])
        #expect(found[0].1 == 1 && found[2].1 < 1 && found[2].1 > 0)
    }

    @Test func `forms of a word are one word, and identifiers are taken apart`() {
        for (query, heading) in [
            ("reloading has failed", "FailedReload"), ("queues are filling up", "queue_fill"),
            ("targets", "Target"), ("retries", "retry"),
            ("KubePodCrashLooping", "Kube pod crashes"),
        ] {
            let found = covered(query, [heading])
            #expect(found.first?.1 ?? 0 > 0.2, "\(query) and \(heading)")
        }
        #expect(WordStem.stem("failing") == WordStem.stem("fails"))
        #expect(WordStem.stem("notifications") == WordStem.stem("notification"))
        #expect(WordStem.stem("is") == "is" && WordStem.stem("") == "")
        #expect(WordStem.stem("été") == "été")
    }

    @Test func `what all headings have in common counts little`() {
        let common = ["A queue › Meaning", "A broker › Meaning", "A node › Meaning"]
        let found = covered("the queue is long", common)
        #expect(found.count == 1 && found[0].1 > 0.3)
        let rare = covered("what is the meaning", common)
        #expect(rare.allSatisfy { $0.1 < found[0].1 })
    }

    @Test func `nothing in common is no match, and words that say nothing do not count`() {
        #expect(covered("the and of", ["The and of", "Of"]).isEmpty)
        #expect(covered("", ["Queue"]).isEmpty)
        #expect(covered("queue", ["", "›", "😀"]).isEmpty)
        #expect(covered("queue", []).isEmpty)
    }
}
