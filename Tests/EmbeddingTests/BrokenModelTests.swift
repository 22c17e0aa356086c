import Embedding
import Foundation
import Glibc
import Kernels
import TestSupport
import Testing

/// Model folders that lie: every one is an `EmbeddingError`, none a trap.
struct BrokenModelTests {
    let model: TinyModel

    init() throws { model = try TinyModel() }

    private func expectMalformed(
        _ what: String = "", at location: SourceLocation = #_sourceLocation
    ) {
        #expect("\(what)", sourceLocation: location) {
            try TransformerEmbedder(contentsOf: model.path)
        } throws: {
            guard case .malformed = $0 as? EmbeddingError else { return false }
            return true
        }
    }

    @Test func `a missing folder or file is a missing model`() throws {
        let none = model.path + "/none"
        #expect(throws: EmbeddingError.modelMissing(path: none + "/model.safetensors")) {
            try TransformerEmbedder(contentsOf: none)
        }
        for name in ["vocab.txt", "config.json", "model.safetensors"] {
            let path = model.path + "/" + name
            try FileManager.default.removeItem(atPath: path)
            #expect(throws: EmbeddingError.modelMissing(path: path)) {
                try TransformerEmbedder(contentsOf: model.path)
            }
        }
    }

    @Test func `weights that are no file are unreadable`() throws {
        try FileManager.default.removeItem(atPath: model.weights)
        try #require(mkfifo(model.weights, 0o600) == 0)
        #expect(
            throws: EmbeddingError.unreadable(path: model.weights, MappingError.notARegularFile)
        ) { try TransformerEmbedder(contentsOf: model.path) }
    }

    @Test func `weights cut at any byte are malformed`() throws {
        let size = model.bytes(header: model.headerText()).count
        for length in stride(from: size - 1, through: 0, by: -1) {
            try #require(truncate(model.weights, off_t(length)) == 0)
            do {
                _ = try TransformerEmbedder(contentsOf: model.path)
                Issue.record("\(length) of \(size) bytes were taken")
            } catch EmbeddingError.malformed {
                continue
            } catch {
                Issue.record("\(length) of \(size) bytes: \(error)")
            }
        }
    }

    @Test func `a header's length that lies is malformed`() throws {
        let header = model.headerText()
        let whole = UInt64((header.utf8.count + 7) / 8 * 8)
        for length in [
            0, 1, whole - 8, whole + 8, 1 << 20, (1 << 20) + 1, 1 << 31, 1 << 32, 1 << 62, 1 << 63,
            UInt64.max, UInt64.max - 7,
        ] as [UInt64] {
            try model.writeWeights(header: header, length: length)
            expectMalformed("\(length)")
        }
    }

    @Test func `a header that is not a strict JSON object is malformed`() throws {
        for header in [
            "", "[]", "null", "{", "{}", "{\"a\":1}", model.headerText() + "x",
            "\u{FEFF}" + model.headerText(), String(repeating: "[", count: 100_000),
            model.headerText().replacing("}}", with: "},\"embeddings.LayerNorm.bias\":{}}"),
        ] {
            try model.writeWeights(header: header)
            expectMalformed(String(header.prefix(40)))
        }
    }

    @Test func `metadata and tensors of other types do no harm`() throws {
        let header = model.headerText().dropFirst()
        try model.writeWeights(
            header:
                "{\"__metadata__\":{\"format\":\"pt\"},\"other\":{\"dtype\":\"I64\",\"shape\":[1],"
                + "\"data_offsets\":[0,8]}," + header)
        #expect(throws: Never.self) { try TransformerEmbedder(contentsOf: model.path) }
    }

    /// Entries for a tensor of 16 bytes whose place or shape lies.
    @Test(arguments: [
        #"{"dtype":"F32","shape":[4],"data_offsets":[0,999999]}"#,
        #"{"dtype":"F32","shape":[4],"data_offsets":[99999984,100000000]}"#,
        #"{"dtype":"F32","shape":[4],"data_offsets":[9223372036854775791,9223372036854775807]}"#,
        #"{"dtype":"F32","shape":[4],"data_offsets":[-16,0]}"#,
        #"{"dtype":"F32","shape":[4],"data_offsets":[16,0]}"#,
        #"{"dtype":"F32","shape":[4],"data_offsets":[0,15]}"#,
        #"{"dtype":"F32","shape":[4],"data_offsets":[1,17]}"#,
        #"{"dtype":"F32","shape":[4],"data_offsets":[0]}"#,
        #"{"dtype":"F32","shape":[4],"data_offsets":[0,16,32]}"#,
        #"{"dtype":"F32","shape":[4],"data_offsets":[0,16.0]}"#,
        #"{"dtype":"F32","shape":[4],"data_offsets":[0,"16"]}"#,
        #"{"dtype":"F32","shape":[4],"data_offsets":{}}"#,
        #"{"dtype":"F32","shape":[4]}"#,
        #"{"dtype":"F32","data_offsets":[0,16]}"#,
        #"{"dtype":"F32","shape":4,"data_offsets":[0,16]}"#,
        #"{"dtype":"F32","shape":[5],"data_offsets":[0,20]}"#,
        #"{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}"#,
        #"{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}"#,
        #"{"dtype":"F32","shape":[4,null],"data_offsets":[0,16]}"#,
        #"{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}"#,
        #"{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}"#,
        #"{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,4]}"#,
        #"{"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,0]}"#,
        #"{"dtype":"F16","shape":[4],"data_offsets":[0,8]}"#,
        #"{"shape":[4],"data_offsets":[0,16]}"#,
        "null", "[]", "7",
    ])
    func `a tensor that lies is malformed`(entry: String) throws {
        try model.writeWeights(header: model.headerText(["embeddings.LayerNorm.bias": entry]))
        expectMalformed(entry)
    }

    /// What is no number must not be passed over in silence.
    @Test func `offsets with something between them are malformed`() throws {
        let header = model.headerText()
        let entry = try #require(
            header.firstMatch(of: /"embeddings.LayerNorm.bias":(\{[^}]*\})/)?.output.1)
        let odd = entry.replacing(/\[(\d+),(\d+)\]\}/) { "[\($0.output.1),null,\($0.output.2)]}" }
        #expect(odd.contains("null"))
        try model.writeWeights(
            header: model.headerText(["embeddings.LayerNorm.bias": String(odd)]))
        expectMalformed(String(odd))
    }

    @Test(arguments: [
        ["hidden_size": "0"], ["hidden_size": "-4"], ["hidden_size": "1000001"],
        ["hidden_size": "9223372036854775807"], ["hidden_size": "1e99"], ["hidden_size": "8"],
        ["num_hidden_layers": "0"], ["num_hidden_layers": "2"], ["num_hidden_layers": "1000000"],
        ["num_attention_heads": "3"], ["num_attention_heads": "0"],
        ["intermediate_size": "0"], ["intermediate_size": "1000000"], ["vocab_size": "0"],
        ["vocab_size": "1000000"], ["vocab_size": "17"], ["max_position_embeddings": "0"],
        ["max_position_embeddings": "65537"], ["max_position_embeddings": "255"],
        ["layer_norm_eps": "-1"], ["layer_norm_eps": "1"], ["layer_norm_eps": "\"x\""],
        ["hidden_size": "4, \"hidden_size\": 4"], ["hidden_size": "4.5"], ["hidden_size": "null"],
    ])
    func `a configuration that does not fit is malformed`(changes: [String: String]) throws {
        try model.writeConfiguration(changes)
        expectMalformed("\(changes)")
    }

    @Test func `a configuration without a size, or no JSON, is malformed`() throws {
        for key in ["hidden_size", "vocab_size", "layer_norm_eps", "num_attention_heads"] {
            try model.writeConfiguration([key: nil])
            expectMalformed(key)
        }
        for text in ["", "{", "[]", "\u{FEFF}{}", "null"] {
            try model.folder.write(text, to: "config.json")
            expectMalformed(text)
        }
    }

    @Test func `a model of fewer positions than a window is malformed`() throws {
        var short = model
        short.tensors[1].shape = [255, 4]
        try short.writeConfiguration(["max_position_embeddings": "255"])
        try short.writeWeights(header: short.headerText())
        expectMalformed()
    }

    @Test func `a vocabulary without its marks is malformed`() throws {
        for mark in ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] {
            try model.writeVocabulary(TinyModel.words.map { $0 == mark ? "other" : $0 })
            expectMalformed(mark)
        }
        try model.folder.write("", to: "vocab.txt")
        expectMalformed()
        try model.writeVocabulary(Array(TinyModel.words.dropLast()) + ["hello"])
        expectMalformed("a piece twice")
    }

    /// Ids beyond the table of word vectors must be refused at the door, not met in a text.
    @Test func `a vocabulary larger than the table of words is malformed`() throws {
        try model.writeVocabulary(TinyModel.words + ["more"])
        expectMalformed()
        try model.writeVocabulary((0..<100).map { "w\($0)" } + TinyModel.words)
        expectMalformed()
    }

    @Test func `a vocabulary larger than the table does not trap`() async {
        await #expect(processExitsWith: .success) {
            let model = try TinyModel()
            try model.writeVocabulary(TinyModel.words + ["more"])
            guard let embedder = try? TransformerEmbedder(contentsOf: model.path) else { return }
            _ = try await embedder.embed(["more"], longTexts: .truncate)
        }
    }
}
