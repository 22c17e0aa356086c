import Embedding
import Foundation
import StrictJSON
import TestSupport
import Testing

/// Both tokenizers against Hugging Face's own, on the strings of `Clients/tokenizer_parity.py`:
/// every scalar of the planes in use, random ones, broken bytes, scripts mixed, marks, long words,
/// and lines of real runbooks.
@Suite(
    .enabled(if: SharedData.python != nil, "make test installs the reference"),
    .enabled(if: SharedData.model != nil, "the model is installed by make setup"),
    .enabled(if: SharedData.staticModel != nil, "make setup installs the optional static model"),
    .enabled(if: SharedData.isPresent, "the runbooks lie beside the checkout"))
struct TokenizerParityTests {
    struct Row {
        let text: String
        let pair: [Int32]
        let piece: [Int32]

        /// By the project's own parser: it leaves every scalar as it is.
        init(_ line: some Collection<UInt8>) throws {
            let value = try StrictJSON.parse(line)
            func ids(_ key: String) throws -> [Int32] {
                try #require(value[key]?.array).map { Int32(try #require($0.wholeNumber)) }
            }
            text = try #require(value["text"]?.string)
            pair = try ids("pair")
            piece = try ids("piece")
        }
    }

    static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Clients/tokenizer_parity.py").path

    private func rows(seed: Int) async throws -> [Row] {
        let (model, table) = (
            try #require(SharedData.model), try #require(SharedData.staticModel)
        )
        let corpora = try #require(SharedData.folder).appending(path: "corpora")
        let folder = try TemporaryFolder()
        let output = folder.path + "/rows.ndjson"
        let arguments = [
            try #require(SharedData.python), Self.script, output, "\(seed)",
            table.path + "/tokenizer.json", model.path + "/vocab.txt", corpora.path,
        ]
        let reply = try await BuiltBinary(in: folder.path).shell(
            arguments.map { "'\($0)'" }.joined(separator: " "))
        try #require(reply.status == 0, "\(reply.errors)")
        return try Data(contentsOf: URL(filePath: output)).split(separator: 0x0A).map(Row.init)
    }

    private func expectNone(
        _ differences: [(text: String, ours: [Int32], reference: [Int32])], _ name: String
    ) {
        for difference in differences.prefix(10) {
            let (ours, reference) = (difference.ours, difference.reference)
            let same = zip(ours, reference).prefix { $0 == $1 }.count
            let scalars = difference.text.unicodeScalars.prefix(200).map {
                $0.isASCII ? String($0) : "\\u{\(String($0.value, radix: 16, uppercase: true))}"
            }.joined()
            print(
                "\(name), from token \(same): ours \(Array(ours[same...].prefix(8))), the",
                "reference's \(Array(reference[same...].prefix(8))): \(scalars)")
        }
        #expect(differences.isEmpty, "\(differences.count) strings have other ids in \(name)")
    }

    @Test func `ids are the reference's on every kind of string`() async throws {
        let rows = try await rows(seed: 1)
        #expect(rows.count >= 50_000)
        let embedder = try StaticEmbedder(contentsOf: #require(SharedData.staticModel).path)
        let pieces = try TransformerEmbedder.pieces(
            of: rows.map(\.text), vocabulary: #require(SharedData.model).path + "/vocab.txt")
        var pairDifferences: [(text: String, ours: [Int32], reference: [Int32])] = []
        var pieceDifferences = pairDifferences
        for (row, piece) in zip(rows, pieces) {
            let pair = embedder.tokenIDs(of: row.text)
            if pair != row.pair { pairDifferences.append((row.text, pair, row.pair)) }
            if piece != row.piece { pieceDifferences.append((row.text, piece, row.piece)) }
        }
        print("\(rows.count) strings were compared with the reference")
        expectNone(pairDifferences, "byte pairs")
        expectNone(pieceDifferences, "word pieces")
    }
}
