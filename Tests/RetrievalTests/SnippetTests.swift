import Retrieval
import Testing

struct SnippetTests {
    @Test func `the lines from the one that holds most of the terms are shown`() {
        let text =
            "Disk\n\n \t\nThe pod is full\n\u{00A0}\nthe POD's disk is full\r\nlast\nmore\nnever"
        #expect(
            Snippet.snippet(of: text, for: ["pods", "disk", "full"])
                == "the POD's disk is full\r\nlast\nmore")
        #expect(Snippet.snippet(of: text, for: ["nothing"]).hasPrefix("Disk\nThe pod"))
        #expect(Snippet.snippet(of: text, for: []).hasPrefix("Disk\nThe pod"))
        #expect(Snippet.snippet(of: " \n\t\r\n\u{2003}", for: ["pod"]).isEmpty)
        #expect(Snippet.snippet(of: "", for: ["pod"]).isEmpty)
    }

    @Test func `a term that repeats counts once, and one in another script is found`() {
        #expect(
            Snippet.snippet(of: "pod pod pod\nÉTÉ pod\nx", for: ["pod", "été"]) == "ÉTÉ pod\nx")
    }

    @Test(arguments: ["x", "é", "\r"])
    func `a huge line is shown from a little before the first term`(filler: String) {
        let before = String(repeating: filler + "-", count: 300)
        let line = before + "Crash of a pod" + String(repeating: " more", count: 100)
        let shown = Snippet.snippet(of: line, for: ["pod", "crashes"])
        #expect(shown.count == 282 && shown.first == "…" && shown.last == "…")
        let start = shown.firstRange(of: "Crash").map {
            shown.distance(from: shown.startIndex, to: $0.lowerBound)
        }
        #expect(start == 41)
        #expect(Snippet.snippet(of: line, for: ["never"]) == line.prefix(280) + "…")
    }
}
