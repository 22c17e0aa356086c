import Embedding
import Foundation
import Kernels
import TestSupport
import Testing

/// With a tiny model made by hand; the golden tests check the real one's numbers.
struct TransformerEmbedderTests {
    let model: TinyModel

    init() throws { model = try TinyModel() }

    @Test func `texts become unit rows in their order`() async throws {
        let embedder = try TransformerEmbedder(contentsOf: model.path)
        #expect(embedder.dimension == 4 && embedder.maximumTokenCount == 256)
        let texts = ["hello", "", "hello café !", "世", "hello", "xyz"]
        let rows = try await embedder.embed(texts, longTexts: .windows)
        #expect(rows.count == 6 && rows.dimension == 4)
        for row in 0..<6 {
            let length = rows[row].reduce(0) { $0 + Double($1) * Double($1) }
            #expect((length - 1).magnitude < 1e-5)
        }
        #expect(Array(rows[0]) == Array(rows[4]))
        #expect(Array(rows[0]) != Array(rows[2]))
        #expect(try await embedder.embed([], longTexts: .windows).count == 0)
    }

    @Test func `long texts are cut or windowed`() async throws {
        let embedder = try TransformerEmbedder(contentsOf: model.path)
        let fits = String(repeating: "hello ", count: 254)
        let long = fits + String(repeating: "世 ", count: 600)
        #expect(embedder.tokenCount(of: fits) == 256)
        #expect(embedder.tokenCount(of: long) == 856)
        let cut = try await embedder.embed([fits, long], longTexts: .truncate)
        #expect(Array(cut[0]) == Array(cut[1]))
        let windowed = try await embedder.embed([fits, long], longTexts: .windows)
        #expect(Array(windowed[0]) == Array(cut[0]))
        #expect(Array(windowed[1]) != Array(cut[1]))
    }

    @Test func `many texts of a batch are embedded like one`() async throws {
        let embedder = try TransformerEmbedder(contentsOf: model.path)
        let texts = (0..<300).map { String(repeating: "hello 世 ", count: $0 % 140) }
        let together = try await embedder.embed(texts, longTexts: .windows)
        for index in stride(from: 0, to: 300, by: 37) {
            let alone = try await embedder.embed([texts[index]], longTexts: .windows)
            for (first, second) in zip(together[index], alone[0]) {
                #expect((first - second).magnitude < 1e-4)
            }
        }
    }

    @Test(.enabled(if: SharedData.model != nil, "the model is installed by make setup"))
    func `equal texts have equal bits, whatever batch finishes first`() async throws {
        let folder = try #require(SharedData.model)
        let embedder = try TransformerEmbedder(contentsOf: folder.path)
        // Some batches of unlike sizes, which run side by side.
        let texts = (0..<60).map { "node \($0) " + String(repeating: "is not ready ", count: $0) }
        let first = try await embedder.embed(texts, longTexts: .windows)
        for _ in 0..<3 {
            #expect(try await embedder.embed(texts, longTexts: .windows) == first)
        }
    }

    @Test func `the fingerprint changes with every file`() throws {
        let first = try TransformerEmbedder(contentsOf: model.path).fingerprint
        #expect(try TransformerEmbedder(contentsOf: model.path).fingerprint == first)
        let name = URL(filePath: model.path).lastPathComponent
        #expect(first.embedderID.wholeMatch(of: /(.*)\/(int8|fp32)/)?.1 == name[...])
        #expect(first.rawValue.count == first.embedderID.count + 17)
        try model.writeWeights(header: model.headerText(), seed: 51)
        let second = try TransformerEmbedder(contentsOf: model.path).fingerprint
        try model.writeVocabulary(Array(TinyModel.words.dropLast()) + ["y"])
        let third = try TransformerEmbedder(contentsOf: model.path).fingerprint
        try model.writeConfiguration(["layer_norm_eps": "1e-5"])
        let fourth = try TransformerEmbedder(contentsOf: model.path).fingerprint
        #expect(Set([first, second, third, fourth]).count == 4)
    }

    /// `mv` and `cp -p` keep the time of the content.
    @Test func `a file that is moved into place is hashed, whatever its time`() throws {
        let digest = String(repeating: "a", count: 64)
        try model.folder.write("\(digest)  model.safetensors\n", to: "SHA256SUMS")
        let recorded = try TransformerEmbedder(contentsOf: model.path, precision: .single)
        let other = try model.folder.write(
            model.bytes(header: model.headerText(), seed: 52), to: "other.safetensors")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1000)], ofItemAtPath: other)
        #expect(rename(other, model.weights) == 0)
        let replaced = try TransformerEmbedder(contentsOf: model.path, precision: .single)
        #expect(replaced.fingerprint != recorded.fingerprint)
    }

    @Test func `models that mean something else are refused`() throws {
        func check(_ changes: [String: String?]) throws {
            try model.writeConfiguration(changes)
            #expect(throws: EmbeddingError.self, "\(changes)") {
                _ = try TransformerEmbedder(contentsOf: model.path, precision: .single)
            }
        }
        try check(["hidden_act": "\"relu\""])
        try check(["position_embedding_type": "\"relative_key\""])
        try check(["layer_norm_eps": "0"])
        try check(["model_type": "\"roberta\""])
        try check(["model_type": "\"mpnet\"", "relative_attention_num_buckets": "512"])
        try model.writeConfiguration(["hidden_act": "\"gelu\""])
        _ = try TransformerEmbedder(contentsOf: model.path, precision: .single)
        try FileManager.default.createDirectory(
            atPath: model.path + "/1_Pooling", withIntermediateDirectories: true)
        try model.folder.write("{\"pooling_mode_mean_tokens\": false}", to: "1_Pooling/config.json")
        #expect(throws: EmbeddingError.self) {
            _ = try TransformerEmbedder(contentsOf: model.path, precision: .single)
        }
    }

    /// A short file could otherwise ask for any amount of packed weights.
    @Test func `tensors that share bytes are refused`() throws {
        let first = #"{"dtype":"F32","shape":[4,4],"data_offsets":[0,64]}"#
        try model.writeWeights(header: model.headerText().dropLast() + ",\"again\":\(first)}")
        #expect(throws: EmbeddingError.self) {
            _ = try TransformerEmbedder(contentsOf: model.path, precision: .single)
        }
    }

    @Test func `weights whose vectors are no numbers are refused`() throws {
        var bytes = model.bytes(header: model.headerText())
        bytes.replaceSubrange((bytes.count - 4)..., with: [0, 0, 0xC0, 0x7F])
        try model.folder.write(bytes, to: "model.safetensors")
        #expect(
            throws: EmbeddingError.malformed(
                path: model.weights, reason: "its vectors are not numbers")
        ) { _ = try TransformerEmbedder(contentsOf: model.path, precision: .single) }
    }

    @Test func `each precision has a space of its own`() async throws {
        let (single, int8) = (
            try TransformerEmbedder(contentsOf: model.path, precision: .single),
            try TransformerEmbedder(contentsOf: model.path, precision: .int8)
        )
        #expect(single.precision == .single && int8.precision == .int8)
        #expect(single.fingerprint != int8.fingerprint)
        #expect(single.fingerprint.embedderID.hasSuffix("/fp32"))
        let texts = ["hello", "hello café !", "世 a"]
        let (first, second) = (
            try await single.embed(texts, longTexts: .truncate),
            try await int8.embed(texts, longTexts: .truncate)
        )
        for row in 0..<3 {
            #expect(zip(first[row], second[row]).reduce(0) { $0 + $1.0 * $1.1 } > 0.99)
        }
    }

    @Test func `the drift of int8 is measured once and decides`() throws {
        let note = model.path + "/int8-drift.json"
        let chosen = try TransformerEmbedder(contentsOf: model.path)
        let measured = try String(contentsOfFile: note, encoding: .utf8)
        let cosine = try #require(measured.firstMatch(of: /"least_cosine":([0-9.]+)/)?.1)
        #expect(
            (Float(cosine) ?? 0) >= 0.998 ? chosen.precision == .int8 : chosen.precision == .single)
        for (value, precision) in [("0.9981", Precision.int8), ("0.9979", .single)] {
            try measured.replacing(cosine, with: value).write(
                toFile: note, atomically: true, encoding: .utf8)
            #expect(try TransformerEmbedder(contentsOf: model.path).precision == precision)
        }
        // A damaged note, or one of other files, is measured again.
        for other in ["{", measured.replacing(/"measured":"[^"]*"/, with: "\"measured\":\"x\"")] {
            try other.write(toFile: note, atomically: true, encoding: .utf8)
            #expect(try TransformerEmbedder(contentsOf: model.path).precision == chosen.precision)
            #expect(try String(contentsOfFile: note, encoding: .utf8) == measured)
        }
    }

    @Test func `recorded digests count only while they are newer than the files`() throws {
        let hashed = try TransformerEmbedder(contentsOf: model.path).fingerprint
        let digest = String(repeating: "a", count: 64)
        let sums = try model.folder.write("\(digest)  model.safetensors\n", to: "SHA256SUMS")
        func set(_ path: String, _ seconds: Double) throws {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: path)
        }
        try set(model.weights, 1000)
        try set(sums, 999)
        #expect(try TransformerEmbedder(contentsOf: model.path).fingerprint == hashed)
        try set(sums, 1001)
        #expect(try TransformerEmbedder(contentsOf: model.path).fingerprint != hashed)
        try model.folder.write("nonsense\n\n\(digest)\n", to: "SHA256SUMS")
        #expect(try TransformerEmbedder(contentsOf: model.path).fingerprint == hashed)
    }

    private func check(
        _ text: String, _ words: [String], at location: SourceLocation = #_sourceLocation
    ) throws {
        let embedder = try TransformerEmbedder(contentsOf: model.path)
        let pieces = embedder.tokenIDs(of: text).map { TinyModel.words[Int($0)] }
        #expect(pieces == ["[CLS]"] + words + ["[SEP]"], "\(text)", sourceLocation: location)
        #expect(embedder.tokenCount(of: text) == words.count + 2, sourceLocation: location)
    }

    @Test func `words become their longest pieces`() throws {
        try check("", [])
        try check("hello", ["hello"])
        try check("hellolo", ["hello", "##lo"])
        try check("hel", ["hel"])
        try check("aaaa", ["a", "##aa", "##a"])
        try check("helx", ["[UNK]"])
        try check("hello!hello , a", ["hello", "!", "hello", ",", "a"])
    }

    @Test func `text is cleaned as BERT does it`() throws {
        try check("HELLO Caf\u{E9} CAFE\u{301}", ["hello", "caf", "##e", "caf", "##e"])
        try check("he\u{0}l\u{200B}\u{FFFD}lo\u{AD}", ["hello"])
        try check("a世a\u{3000}a\u{A0}\u{2028}a", ["a", "世", "a", "a", "a"])
        try check("Π", ["π"])
        try check("?…", ["[UNK]", "[UNK]"])
    }

    @Test func `marks written literally are the marks`() throws {
        try check("a[SEP]a [MASK]", ["a", "[SEP]", "a", "[MASK]"])
        try check("[sep]", ["[UNK]", "[UNK]", "[UNK]"])
        try check("[[PAD]]", ["[UNK]", "[PAD]", "[UNK]"])
    }

    /// After each mark every other was once looked for to the end of the text: quadratic.
    @Test func `a megabyte of marks takes linear time`() throws {
        let embedder = try TransformerEmbedder(contentsOf: model.path)
        let text = String(repeating: "[PAD]", count: 200_000)
        #expect(embedder.tokenCount(of: text) == 200_002)
    }

    @Test func `a word of more than 100 scalars is unknown`() throws {
        let word = String(repeating: "a", count: 99)
        #expect(try !TransformerEmbedder(contentsOf: model.path).tokenIDs(of: word).contains(1))
        try check(word + "aa", ["[UNK]"])
    }
}
