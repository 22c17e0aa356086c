import Embedding
import Foundation
import TestSupport
import Testing

/// With a vocabulary made by hand; the golden and parity tests check the real one.
struct BytePairTokenizerTests {
    let model: TinyStaticModel

    init() throws { model = try TinyStaticModel() }

    private func check(
        _ text: String, _ expected: [String], at location: SourceLocation = #_sourceLocation
    ) throws {
        let embedder = try StaticEmbedder(contentsOf: model.path)
        let tokens = embedder.tokenIDs(of: text).map { Array(model.tokens[Int($0)].utf8) }
        #expect(tokens == expected.map { Array($0.utf8) }, "\(text)", sourceLocation: location)
    }

    @Test func `neighbours merge by rank, then from the left`() throws {
        try check("", [])
        try check("b", ["\u{2581}", "b"])
        try check("c c", ["\u{2581}", "c", "\u{2581}", "c"])
        try check("ab", ["\u{2581}", "ab"])
        try check("abc", ["\u{2581}", "abc"])
        try check("bc", ["\u{2581}", "bc"])
        try check("bab", ["\u{2581}", "b", "ab"])
        try check("aaa", ["\u{2581}a", "aa"])
        try check("caaaaa", ["\u{2581}", "c", "aaaa", "a"])
    }

    @Test func `spaces are tokens of words`() throws {
        try check(" ", ["\u{2581}\u{2581}"])
        try check("a  a", ["\u{2581}a", "\u{2581}", "\u{2581}a"])
        try check("a\u{2581}a", ["\u{2581}a", "\u{2581}a"])
        try check("a\u{A0}a", ["\u{2581}a", "<0xC2>", "<0xA0>", "a"])
    }

    @Test func `what the vocabulary lacks is its bytes`() throws {
        try check("\n", ["\u{2581}", "<0x0A>"])
        try check("é", ["\u{2581}", "<0xC3>", "<0xA9>"])
        try check("👩", ["\u{2581}", "<0xF0>", "<0x9F>", "<0x91>", "<0xA9>"])
        try check("世🚀\"\"", ["\u{2581}", "世", "🚀", "\"\""])
        try check(
            "\0<0x41>",
            ["\u{2581}", "<0x00>"]
                + "<0x41>".utf8.map {
                    String(format: "<0x%02X>", $0)
                })
    }

    /// `String` takes the two for equal, the reference does not.
    @Test func `tokens that look alike stay apart`() throws {
        try check("\u{3AC}", ["\u{2581}", "\u{3AC}"])
        try check("\u{1F71}", ["\u{2581}", "\u{1F71}"])
        try check("\u{3AC}\u{1F71}", ["\u{2581}", "\u{3AC}\u{1F71}"])
        try check("\u{1F71}\u{3AC}", ["\u{2581}", "\u{1F71}", "\u{3AC}"])
        try check("\u{3B1}\u{301}", ["\u{2581}", "<0xCE>", "<0xB1>", "<0xCC>", "<0x81>"])
    }

    @Test func `marks written literally are the marks`() throws {
        try check("<s>", ["<s>"])
        try check("a<s>a</s><unk>", ["\u{2581}a", "<s>", "\u{2581}a", "</s>", "<unk>"])
        try check("<<s> a", ["\u{2581}", "<0x3C>", "<s>", "\u{2581}", "\u{2581}a"])
        try check("<S>", ["\u{2581}", "<0x3C>", "<0x53>", "<0x3E>"])
    }

    /// Merges one after the other over the whole text, as the reference's definition has it.
    private func slow(_ text: String, of model: TinyStaticModel) -> [String] {
        var symbols = ("\u{2581}" + text.replacing(" ", with: "\u{2581}")).unicodeScalars.flatMap {
            TinyStaticModel.letters.contains(String($0))
                ? [String($0)] : String($0).utf8.map { String(format: "<0x%02X>", $0) }
        }
        while true {
            let pairs = zip(symbols, symbols.dropFirst()).map { "\($0) \($1)" }
            guard let merge = model.merges.first(where: pairs.contains),
                let place = pairs.firstIndex(of: merge)
            else { return symbols }
            symbols.replaceSubrange(place...place + 1, with: [symbols[place] + symbols[place + 1]])
        }
    }

    /// Short words are scanned and long ones queued; where a merge reaches over a space, words are
    /// not apart.
    @Test(arguments: [[], ["a \u{2581}", "a\u{2581} a", "c a\u{2581}a"]])
    func `any text merges as the slow definition says`(more: [String]) throws {
        let model = try TinyStaticModel(merges: TinyStaticModel.merges + more)
        let embedder = try StaticEmbedder(contentsOf: model.path)
        var generator = SeededGenerator(seed: 81)
        let alphabet = ["a", "a", "a", "b", "c", " ", "é", "\""]
        for index in 0..<400 {
            // Without spaces the words are long.
            let letters = alphabet.filter { $0 != " " || index % 2 == 0 }
            let text = (0..<Int.random(in: 1...150, using: &generator)).map { _ in
                letters[Int.random(in: 0..<letters.count, using: &generator)]
            }.joined()
            #expect(
                embedder.tokenIDs(of: text).map { model.tokens[Int($0)] }
                    == slow(text, of: model), "\(text)")
        }
    }
}
