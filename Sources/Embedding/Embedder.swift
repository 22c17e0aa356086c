public import Kernels

/// What is done with a text that has more tokens than the model reads at once.
public enum LongTextRule: Sendable {
    /// Only the first tokens count.
    case truncate
    /// Overlapping windows are embedded and averaged, each weighted by its tokens.
    case windows
}

/// Which vector space an embedder's vectors live in.
///
/// Vectors of two fingerprints are never compared. Equal fingerprints mean equal weights,
/// vocabulary, pooling, text form and window rule.
public struct EmbedderFingerprint: RawRepresentable, Hashable, Sendable, Codable {
    /// The ID that opens the embedder, `:`, and the first 16 hexadecimal digits of a SHA-256.
    public let rawValue: String

    /// What opens an embedder of this space again, as long as its files have not changed.
    public var embedderID: String {
        rawValue.lastIndex(of: ":").map { String(rawValue[..<$0]) } ?? rawValue
    }

    /// Takes a fingerprint as it was stored.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// Turns texts into unit vectors whose inner product says how near two meanings are.
public protocol Embedder: Sendable {
    /// The space that the vectors live in.
    var fingerprint: EmbedderFingerprint { get }

    /// The length of each vector.
    var dimension: Int { get }

    /// The most tokens the model reads at once, its own marks included.
    var maximumTokenCount: Int { get }

    /// The tokens of `text`, the model's own marks included, before any truncation.
    func tokenCount(of text: String) -> Int

    /// One row of Euclidean length 1 for each text, in order.
    ///
    /// An empty text is not an error.
    ///
    /// - Throws: what the embedder's means throw; a local model throws nothing once it is open.
    /// - Complexity: linear in the tokens, but quadratic in those of one window.
    func embed(_ texts: [String], longTexts: LongTextRule) async throws -> FloatRows

    /// The row of one text under the rule `windows`, with the bits that `embed(_:longTexts:)` gives.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - hand: by which a thread that would only wait may take part.
    /// - Returns: one row.
    /// - Throws: as `embed(_:longTexts:)` does.
    func embed(_ text: String, helpedBy hand: HelpingHand) async throws -> FloatRows
}

extension Embedder {
    /// The row of one text, for which no help is taken.
    public func embed(_ text: String, helpedBy hand: HelpingHand) async throws -> FloatRows {
        hand.end()
        return try await embed([text], longTexts: .windows)
    }
}
