import Embedding
import Foundation
import Glibc
import Kernels
import TestSupport
import Testing

/// Static models that lie: every one is an `EmbeddingError` that names the file, none a trap.
struct BrokenStaticModelTests {
    let model: TinyStaticModel

    init() throws { model = try TinyStaticModel() }

    /// Expects `.malformed` of `path`, whose reason has all of `parts`.
    private func expectMalformed(
        _ path: String, _ parts: [String] = [], _ what: String = "",
        at location: SourceLocation = #_sourceLocation
    ) {
        do {
            _ = try StaticEmbedder(contentsOf: model.path)
            Issue.record("taken: \(what)", sourceLocation: location)
        } catch EmbeddingError.malformed(let named, let reason) {
            #expect(named == path, "\(what)", sourceLocation: location)
            for part in parts {
                #expect(reason.contains(part), "\(reason)", sourceLocation: location)
            }
        } catch {
            Issue.record("\(what): \(error)", sourceLocation: location)
        }
    }

    @Test func `the whole model is taken`() async throws {
        let embedder = try StaticEmbedder(contentsOf: model.path)
        let rows = try await embedder.embed(["a b", "", "世"], longTexts: .windows)
        #expect(rows.count == 3 && rows.dimension == 256)
        #expect(rows[1].allSatisfy { $0 == 0 })
    }

    @Test func `a missing folder or file is a missing model`() throws {
        let none = model.path + "/none"
        #expect(throws: EmbeddingError.modelMissing(path: none + "/model.safetensors")) {
            try StaticEmbedder(contentsOf: none)
        }
        for path in [model.tokenizer, model.weights] {
            try FileManager.default.removeItem(atPath: path)
            #expect(throws: EmbeddingError.modelMissing(path: path)) {
                try StaticEmbedder(contentsOf: model.path)
            }
        }
    }

    @Test func `files that are no files are unreadable`() throws {
        for path in [model.tokenizer, model.weights] {
            try FileManager.default.removeItem(atPath: path)
            try #require(mkfifo(path, 0o600) == 0)
            #expect(throws: EmbeddingError.unreadable(path: path, MappingError.notARegularFile)) {
                try StaticEmbedder(contentsOf: model.path)
            }
        }
    }

    @Test func `a table of another type, name or shape is malformed`() throws {
        let expected = "[\(model.tokens.count), 256]"
        for header in [
            model.headerText(type: "F32", bytesAValue: 4), model.headerText(type: "BF16"),
            model.headerText(name: "embeddings"), model.headerText(rows: model.tokens.count - 1),
            model.headerText(rows: model.tokens.count + 1), model.headerText(columns: 128),
            model.headerText(columns: 257), "{}",
        ] {
            try model.writeWeights(header: header, byteCount: model.tokens.count * 257 * 4)
            expectMalformed(model.weights, ["embedding.weight", expected], header)
        }
    }

    @Test func `a table that is cut is malformed`() throws {
        let whole = model.tokens.count * 512
        for byteCount in [0, 1, 512, whole - 2, whole - 1] {
            try model.writeWeights(header: model.headerText(), byteCount: byteCount)
            expectMalformed(model.weights, ["embedding.weight"], "\(byteCount) bytes")
        }
    }

    @Test func `a tokenizer cut at any byte is malformed`() throws {
        let whole = Array(model.tokenizerText().utf8)
        for length in stride(from: whole.count - 1, through: 0, by: -13) {
            try model.folder.write(Array(whole[..<length]), to: "tokenizer.json")
            expectMalformed(model.tokenizer, [], "\(length) bytes")
        }
    }

    @Test(arguments: [
        // What is no JSON, or twice.
        ("\"version\"", "version"), ("\"1.0\",", "\"1.0\""), ("]}}", "]}},"), ("]}}", "]}}}"),
        ("]}}", "],\"merges\": []}}"), ("]}}", "],\"vocab\": {}}}"), ("]}}", "]},\"model\": {}}"),
        ("null", "nil"), ("\"dropout\": null,", "\"dropout\": ,"), ("\"1.0\"", "\"1.\u{1}0\""),
        // The vocabulary.
        ("\"vocab\"", "\"vocabulary\""), ("\"vocab\": {", "\"vocab\": [], \"x\": {"),
        ("\"a\": ", "\"d\": "), ("\"a\": ", "\"b\": "), ("\"a\": ", "\"\": "),
        ("\"<unk>\": 0", "\"<unk>\": 1"), ("\"<unk>\": 0", "\"<unk>\": -1"),
        ("\"<unk>\": 0", "\"<unk>\": 0.0"), ("\"<unk>\": 0", "\"<unk>\": 00"),
        ("\"<unk>\": 0", "\"<unk>\": \"0\""), ("\"<unk>\": 0", "\"<unk>\": null"),
        ("\"<unk>\": 0", "\"<unk>\": 99999999999999999999"), ("\"<unk>\": 0", "\"<unk>\": 4000000"),
        ("\"<unk>\": 0, ", ""), ("\"<0x41>\": ", "\"<0x4a>\": "), ("\"\u{2581}\": ", "\"_\": "),
        ("\"a\": ", "\"\\ud800\": "), ("\"a\": ", "\"\\x\": "), ("\"a\": ", "a: "),
        // The merges.
        ("\"merges\"", "\"mergers\""), ("\"merges\": [", "\"merges\": {}, \"x\": ["),
        ("\"a b\"", "\"ab\""), ("\"a b\"", "\"a  b\""), ("\"a b\"", "\" a b\""),
        ("\"a b\"", "\"\""),
        ("\"a b\"", "\"a z\""), ("\"a b\"", "\"z a\""), ("\"a b\"", "\"c b\""), ("\"a b\"", "7"),
        ("\"a b\"", "[\"a\", \"b\"]"), ("\"a b\"", "\"a b\", \"a b\""), ("\"a b\"", "\"a b\" 7"),
        // Tokenizers of another kind.
        ("\"BPE\"", "\"WordPiece\""), ("\"byte_fallback\": true", "\"byte_fallback\": false"),
        ("\"byte_fallback\": true", "\"ignore_merges\": true, \"byte_fallback\": true"),
        ("\"dropout\": null", "\"dropout\": 0.1"),
        ("\"continuing_subword_prefix\": null", "\"continuing_subword_prefix\": \"##\""),
        ("\"end_of_word_suffix\": null", "\"end_of_word_suffix\": \"</w>\""),
        ("\"pre_tokenizer\": null", "\"pre_tokenizer\": {\"type\": \"Whitespace\"}"),
        ("\"type\": \"Prepend\"", "\"type\": \"Append\""),
        ("\"String\": \" \"", "\"String\": \"_\""),
        // Marks.
        ("\"lstrip\": false", "\"lstrip\": true"),
        ("\"normalized\": false", "\"normalized\": true"),
        ("\"id\": 2, ", "\"id\": 3, "), ("\"id\": 2, ", ""), ("\"<s>\", ", "\"[s]\", "),
        ("\"content\": \"<s>\"", "\"content\": \"\""),
    ])
    func `a tokenizer that lies is malformed`(from: String, to: String) throws {
        try model.writeTokenizer(model.tokenizerText([(from, to)]))
        expectMalformed(model.tokenizer, [], "\(from) to \(to)")
    }

    @Test func `a tokenizer of bytes that are no text is malformed`() throws {
        for bytes: [UInt8] in [
            [], [0xFF], Array("[]".utf8), Array("null".utf8), [0x7B, 0xC0, 0x80],
        ] {
            try model.folder.write(bytes, to: "tokenizer.json")
            expectMalformed(model.tokenizer, [], "\(bytes)")
        }
        try model.writeTokenizer(String(repeating: "{\"model\":", count: 100_000))
        expectMalformed(model.tokenizer)
        try model.writeTokenizer("{\"x\":" + String(repeating: "[", count: 100_000))
        expectMalformed(model.tokenizer)
    }

    /// Whatever bytes are changed, the tokenizer is refused or works.
    @Test func `a tokenizer with any bytes changed is no trap`() throws {
        let whole = Array(model.tokenizerText().utf8)
        var generator = SeededGenerator(seed: 82)
        for _ in 0..<1_500 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(bytes[place], at: place)
                default:
                    let other = Int.random(in: 0..<bytes.count, using: &generator)
                    bytes.swapAt(place, other)
                }
            }
            try model.folder.write(bytes, to: "tokenizer.json")
            do {
                let embedder = try StaticEmbedder(contentsOf: model.path)
                #expect(embedder.tokenCount(of: "a <s>b\u{3AC}c🚀 ab") > 0)
            } catch EmbeddingError.malformed {
                continue
            } catch {
                Issue.record("\(error)")
            }
        }
    }

    @Test func `the fingerprint changes with every file`() throws {
        let first = try StaticEmbedder(contentsOf: model.path).fingerprint
        #expect(try StaticEmbedder(contentsOf: model.path).fingerprint == first)
        let name = URL(filePath: model.path).lastPathComponent
        #expect(first.rawValue.hasPrefix(name + ":") && first.rawValue.count == name.count + 17)
        try model.writeWeights(header: model.headerText(), seed: 83)
        let second = try StaticEmbedder(contentsOf: model.path).fingerprint
        try model.writeTokenizer(model.tokenizerText() + "\n")
        let third = try StaticEmbedder(contentsOf: model.path).fingerprint
        #expect(Set([first, second, third]).count == 3)
    }

    @Test func `recorded digests count only while they are newer than the files`() throws {
        let hashed = try StaticEmbedder(contentsOf: model.path).fingerprint
        let digest = String(repeating: "a", count: 64)
        let sums = try model.folder.write("\(digest)  model.safetensors\n", to: "SHA256SUMS")
        func set(_ path: String, _ seconds: Double) throws {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: path)
        }
        try set(model.weights, 1000)
        try set(sums, 999)
        #expect(try StaticEmbedder(contentsOf: model.path).fingerprint == hashed)
        try set(sums, 1001)
        #expect(try StaticEmbedder(contentsOf: model.path).fingerprint != hashed)
    }
}
