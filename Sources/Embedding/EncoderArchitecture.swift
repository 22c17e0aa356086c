internal import Foundation

/// What a model's configuration says of its encoder; the architecture is data.
struct EncoderArchitecture: Decodable, Equatable {
    /// A family of encoders that differ in names and in how they tell positions.
    enum Family: String, Decodable {
        case bert, mpnet
    }

    let family: Family
    let hiddenSize: Int
    let layerCount: Int
    let headCount: Int
    let feedForwardSize: Int
    let vocabularySize: Int
    let positionCount: Int
    let layerNormEpsilon: Float
    /// The buckets of distances that have a bias of their own; MPNet's.
    let distanceBucketCount: Int?
    let activation: String?
    let positionKind: String?

    enum CodingKeys: String, CodingKey {
        case family = "model_type"
        case hiddenSize = "hidden_size"
        case layerCount = "num_hidden_layers"
        case headCount = "num_attention_heads"
        case feedForwardSize = "intermediate_size"
        case vocabularySize = "vocab_size"
        case positionCount = "max_position_embeddings"
        case layerNormEpsilon = "layer_norm_eps"
        case distanceBucketCount = "relative_attention_num_buckets"
        case activation = "hidden_act"
        case positionKind = "position_embedding_type"
    }

    /// Whether sizes are positive, bounded and fit together.
    var isUsable: Bool {
        (1...16_384).contains(hiddenSize) && (1...256).contains(layerCount)
            && (1...hiddenSize).contains(headCount) && hiddenSize % headCount == 0
            && (1...65_536).contains(feedForwardSize) && (1...1_000_000).contains(vocabularySize)
            && (1...65_536).contains(positionCount) && positionCount > firstPosition
            && layerNormEpsilon > 0 && layerNormEpsilon < 1
            && (family == .bert || (4..<512).contains(distanceBucketCount ?? 0))
    }

    /// What the encoder would do otherwise than the model was trained; nil where nothing.
    var foreignPart: String? {
        if let activation, activation != "gelu" { return "hidden_act \(activation)" }
        if let positionKind, positionKind != "absolute" {
            return "position_embedding_type \(positionKind)"
        }
        return nil
    }

    /// The row of the position table that the first token takes.
    ///
    /// MPNet's positions start behind its padding index, as RoBERTa's do.
    var firstPosition: Int { family == .mpnet ? 2 : 0 }

    /// The tokens that the position table has room for.
    var longestText: Int { positionCount - firstPosition }

    /// The marks around a text.
    var marks: (first: String, last: String) {
        family == .mpnet ? ("<s>", "</s>") : ("[CLS]", "[SEP]")
    }

    /// The other marks that stand for themselves when written literally in a text.
    var literalMarks: [String] {
        family == .mpnet ? ["<pad>", "<unk>", "<mask>", "[UNK]"] : ["[UNK]", "[PAD]", "[MASK]"]
    }

    /// The names of a layer's weights, as Hugging Face's `BertModel` and `MPNetModel` have them.
    var layerNames: LayerNames {
        switch family {
        case .bert:
            LayerNames(
                attention: ["attention.self.query", "attention.self.key", "attention.self.value"],
                attentionOutput: "attention.output.dense",
                attentionNorm: "attention.output.LayerNorm")
        case .mpnet:
            LayerNames(
                attention: ["attention.attn.q", "attention.attn.k", "attention.attn.v"],
                attentionOutput: "attention.attn.o", attentionNorm: "attention.LayerNorm")
        }
    }

    struct LayerNames {
        /// Query, key, value.
        let attention: [String]
        let attentionOutput: String
        let attentionNorm: String
    }

    /// The bucket of a distance from a query to a key.
    ///
    /// Half the buckets are for keys before the query; half of each for single distances, the rest
    /// for distances up to 128 at logarithmic steps.
    /// - Source: Raffel et al., arXiv:1910.10683, §2.1, as in Hugging Face's `MPNetEncoder`.
    static func bucket(ofDistance distance: Int, count: Int) -> Int {
        let half = count / 2
        let start = distance > 0 ? half : 0
        let magnitude = distance.magnitude
        let exact = half / 2
        guard magnitude >= exact else { return start + Int(magnitude) }
        // In f32, as the reference: at some distances the floor would differ in f64.
        let steps =
            log(Float(magnitude) / Float(exact)) / Float(log(128 / Double(exact)))
        return start + min(exact + Int(steps * Float(half - exact)), half - 1)
    }
}
