import Embedding
import Kernels

/// A small deterministic embedder: every word adds to one of 32 places.
struct HashingEmbedder: Embedder {
    let fingerprint: EmbedderFingerprint
    let dimension = 32
    let maximumTokenCount = 256

    init(space: String = "hashing:0000000000000001") {
        fingerprint = EmbedderFingerprint(rawValue: space)
    }

    func tokenCount(of text: String) -> Int {
        Self.words(of: text).count + 2
    }

    func embed(_ texts: [String], longTexts: LongTextRule) async throws -> FloatRows {
        var rows = FloatRows(dimension: dimension, count: 0)
        for text in texts { rows.append(vector(of: text)) }
        return rows
    }

    /// The unit vector of one text; an empty one points along the first axis.
    func vector(of text: String) -> [Float] {
        var values = [Float](repeating: 0, count: dimension)
        for word in Self.words(of: text) {
            let hash = word.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
                ($0 ^ UInt64($1)) &* 0x100_0000_01B3
            }
            values[Int((hash >> 20) % UInt64(dimension))] += 1
        }
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 0 else {
            values[0] = 1
            return values
        }
        return values.map { $0 / length }
    }

    private static func words(of text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}

/// An embedder that always fails.
struct FailingEmbedder: Embedder {
    struct Failure: Error {}

    let fingerprint = EmbedderFingerprint(rawValue: "failing:0000000000000001")
    let dimension = 32
    let maximumTokenCount = 256

    func tokenCount(of text: String) -> Int { 2 }

    func embed(_ texts: [String], longTexts: LongTextRule) async throws -> FloatRows {
        throw Failure()
    }
}
