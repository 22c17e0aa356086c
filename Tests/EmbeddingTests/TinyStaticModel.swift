import Foundation
import TestSupport

/// A static model's folder made by hand: marks, bytes, some letters and their merges.
struct TinyStaticModel {
    static let marks = ["<unk>", "<s>", "</s>"]
    static let bytes = (0..<256).map { String(format: "<0x%02X>", $0) }
    static let letters = ["\u{2581}", "a", "b", "c", "\u{3AC}", "\u{1F71}", "\"", "世", "🚀"]
    static let merges = [
        "a b", "\u{2581} a", "ab c", "b c", "a bc", "\u{2581}a b", "\u{2581} \u{2581}", "a a",
        "aa aa", "\u{3AC} \u{1F71}", "\" \"",
    ]

    let folder: TemporaryFolder
    var path: String { folder.path }
    var weights: String { folder.path + "/model.safetensors" }
    var tokenizer: String { folder.path + "/tokenizer.json" }

    /// The vocabulary in the order of its ids: what is merged follows from the merges.
    let tokens: [String]
    let merges: [String]

    init(merges: [String] = Self.merges) throws {
        folder = try TemporaryFolder()
        self.merges = merges
        var tokens = Self.marks + Self.bytes + Self.letters
        for merge in merges {
            let product = merge.replacing(" ", with: "")
            // By bytes: two of the letters are the same to `String`.
            if !tokens.contains(where: { $0.utf8.elementsEqual(product.utf8) }) {
                tokens.append(product)
            }
        }
        self.tokens = tokens
        try writeTokenizer(tokenizerText())
        try writeWeights(header: headerText())
    }

    /// `tokenizer.json`, with some pieces of its text replaced.
    func tokenizerText(_ changes: [(String, String)] = []) -> String {
        func quoted(_ text: String) -> String { "\"\(text.replacing("\"", with: "\\\""))\"" }
        let added = Self.marks.enumerated().map { id, mark in
            """
            {"id": \(id), "content": "\(mark)", "single_word": false, "lstrip": false,
             "rstrip": false, "normalized": false, "special": true}
            """
        }
        let vocabulary = tokens.enumerated().map { "\(quoted($1)): \($0)" }
        let text = """
            {"version": "1.0", "truncation": null, "added_tokens": [\(added.joined(separator: ", "))],
            "normalizer": {"type": "Sequence", "normalizers": [
              {"type": "Prepend", "prepend": "\u{2581}"},
              {"type": "Replace", "pattern": {"String": " "}, "content": "\u{2581}"}]},
            "pre_tokenizer": null,
            "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>",
            "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": true,
            "byte_fallback": true,
            "vocab": {\(vocabulary.joined(separator: ", "))},
            "merges": [\(merges.map(quoted).joined(separator: ", "))]}}
            """
        return changes.reduce(text) { text, change in
            precondition(text.contains(change.0), "a change of what is not there: \(change.0)")
            return text.replacing(change.0, with: change.1)
        }
    }

    func writeTokenizer(_ text: String) throws {
        try folder.write(text, to: "tokenizer.json")
    }

    func headerText(
        name: String = "embedding.weight", type: String = "F16", rows: Int? = nil,
        columns: Int = 256, bytesAValue: Int = 2
    ) -> String {
        let rows = rows ?? tokens.count
        return """
            {"\(name)":{"dtype":"\(type)","shape":[\(rows),\(columns)],\
            "data_offsets":[0,\(rows * columns * bytesAValue)]}}
            """
    }

    /// Writes the header and as many halves as the right table has, or another number of bytes.
    func writeWeights(header: String, byteCount: Int? = nil, seed: UInt64 = 80) throws {
        var generator = SeededGenerator(seed: seed)
        let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        var bytes = (0..<8).map { UInt8(truncatingIfNeeded: padded.utf8.count >> (8 * $0)) }
        bytes += padded.utf8
        for value in generator.floats(tokens.count * 256) {
            let half = Float16(value).bitPattern
            bytes += [UInt8(truncatingIfNeeded: half), UInt8(half >> 8)]
        }
        let end = byteCount.map { 8 + padded.utf8.count + $0 } ?? bytes.count
        bytes += [UInt8](repeating: 0, count: max(0, end - bytes.count))
        try folder.write(Array(bytes.prefix(end)), to: "model.safetensors")
    }
}
