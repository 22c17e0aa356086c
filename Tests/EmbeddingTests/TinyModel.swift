import Foundation
import Kernels
import TestSupport

/// A model folder made by hand: 4 wide, one layer, two heads, weights from a seed.
struct TinyModel {
    static let words = [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hello", "hel", "##lo", "caf", "##e", "!",
        "世", "a", "##a", "##aa", ",", "π", "x",
    ]

    let folder: TemporaryFolder
    var path: String { folder.path }
    var weights: String { folder.path + "/model.safetensors" }

    /// The tensors' names and shapes, in the order of their bytes.
    var tensors: [(name: String, shape: [Int])]
    var header: String?

    init() throws {
        folder = try TemporaryFolder()
        let layer = "encoder.layer.0."
        var tensors: [(String, [Int])] = [
            ("embeddings.word_embeddings.weight", [Self.words.count, 4]),
            ("embeddings.position_embeddings.weight", [256, 4]),
            ("embeddings.token_type_embeddings.weight", [2, 4]),
        ]
        for (name, size) in [
            ("embeddings.LayerNorm", [4]), (layer + "attention.self.query", [4, 4]),
            (layer + "attention.self.key", [4, 4]), (layer + "attention.self.value", [4, 4]),
            (layer + "attention.output.dense", [4, 4]),
            (layer + "attention.output.LayerNorm", [4]), (layer + "intermediate.dense", [8, 4]),
            (layer + "output.dense", [4, 8]), (layer + "output.LayerNorm", [4]),
        ] {
            tensors += [(name + ".weight", size), (name + ".bias", [size[0]])]
        }
        self.tensors = tensors
        try writeVocabulary(Self.words)
        try writeConfiguration([:])
        try writeWeights(header: headerText())
    }

    /// The header's JSON, with the entries that `changes` names replaced.
    func headerText(_ changes: [String: String] = [:]) -> String {
        var begin = 0
        var entries: [String] = []
        for (name, shape) in tensors {
            let end = begin + shape.reduce(4, *)
            let offsets = "\"data_offsets\":[\(begin),\(end)]"
            let entry = changes[name] ?? "{\"dtype\":\"F32\",\"shape\":\(shape),\(offsets)}"
            entries.append("\"\(name)\":\(entry)")
            begin = end
        }
        return "{" + entries.joined(separator: ",") + "}"
    }

    /// The bytes of a weights file whose header, or its length, may lie.
    func bytes(header: String, length: UInt64? = nil, seed: UInt64 = 50) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        let count = tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
        let length = length ?? UInt64(padded.utf8.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
            + Array(padded.utf8)
            + FloatRows(dimension: 1, values: generator.floats(count)).littleEndianBytes
    }

    func writeWeights(header: String, length: UInt64? = nil, seed: UInt64 = 50) throws {
        try folder.write(
            bytes(header: header, length: length, seed: seed), to: "model.safetensors")
    }

    func writeVocabulary(_ words: [String]) throws {
        try folder.write(words.joined(separator: "\n") + "\n", to: "vocab.txt")
    }

    /// Writes the configuration with some values changed; nil leaves one out.
    func writeConfiguration(_ changes: [String: String?]) throws {
        var values: [String: String?] = [
            "model_type": "\"bert\"", "hidden_size": "4", "num_hidden_layers": "1",
            "num_attention_heads": "2",
            "intermediate_size": "8", "vocab_size": "\(Self.words.count)",
            "max_position_embeddings": "256", "layer_norm_eps": "1e-12",
        ]
        values.merge(changes) { $1 }
        let members = values.compactMap { key, value in value.map { "\"\(key)\": \($0)" } }
        try folder.write("{" + members.joined(separator: ", ") + "}", to: "config.json")
    }
}
