internal import Kernels

/// The sizes of a BERT-like encoder; the architecture is data.
struct EncoderShape: Decodable, Equatable {
    let hiddenSize: Int
    let layerCount: Int
    let headCount: Int
    let feedForwardSize: Int
    let vocabularySize: Int
    let positionCount: Int
    let layerNormEpsilon: Float

    enum CodingKeys: String, CodingKey {
        case hiddenSize = "hidden_size"
        case layerCount = "num_hidden_layers"
        case headCount = "num_attention_heads"
        case feedForwardSize = "intermediate_size"
        case vocabularySize = "vocab_size"
        case positionCount = "max_position_embeddings"
        case layerNormEpsilon = "layer_norm_eps"
    }

    /// Whether sizes are positive, bounded and fit together.
    var isUsable: Bool {
        let sizes = [hiddenSize, layerCount, headCount, feedForwardSize, vocabularySize]
        return sizes.allSatisfy { (1...1_000_000).contains($0) }
            && (1...65_536).contains(positionCount) && hiddenSize % headCount == 0
            && layerNormEpsilon >= 0 && layerNormEpsilon < 1
    }
}

/// A BERT-like encoder that reads its weights in place.
///
/// - Source: Devlin et al., "BERT", arXiv:1810.04805; weights named as Hugging Face's `BertModel`.
struct TransformerEncoder: Sendable {
    /// A linear layer's weights and bias.
    private struct Linear {
        let weights: MappedFloats
        let bias: MappedFloats
    }

    private struct Layer {
        let queries, keys, values, attentionOutput: Linear
        let attentionNorm: Linear
        let feedForward, output: Linear
        let outputNorm: Linear
    }

    let shape: EncoderShape
    private let words, positions, types: MappedFloats
    private let embeddingNorm: Linear
    private let layers: [Layer]

    /// Finds every weight that `shape` asks for.
    ///
    /// - Throws: `.malformed` where one is missing or of another shape.
    init(_ file: SafetensorsFile, shape: EncoderShape) throws(EmbeddingError) {
        self.shape = shape
        let (hidden, wide) = (shape.hiddenSize, shape.feedForwardSize)
        func linear(_ name: String, _ size: [Int]) throws(EmbeddingError) -> Linear {
            Linear(
                weights: try file.floats(name + ".weight", shape: size),
                bias: try file.floats(name + ".bias", shape: [size[0]]))
        }
        words = try file.floats(
            "embeddings.word_embeddings.weight", shape: [shape.vocabularySize, hidden])
        positions = try file.floats(
            "embeddings.position_embeddings.weight", shape: [shape.positionCount, hidden])
        types = try file.floats("embeddings.token_type_embeddings.weight", shape: [2, hidden])
        embeddingNorm = try linear("embeddings.LayerNorm", [hidden])
        var layers: [Layer] = []
        for index in 0..<shape.layerCount {
            let name = "encoder.layer.\(index)."
            layers.append(
                Layer(
                    queries: try linear(name + "attention.self.query", [hidden, hidden]),
                    keys: try linear(name + "attention.self.key", [hidden, hidden]),
                    values: try linear(name + "attention.self.value", [hidden, hidden]),
                    attentionOutput: try linear(name + "attention.output.dense", [hidden, hidden]),
                    attentionNorm: try linear(name + "attention.output.LayerNorm", [hidden]),
                    feedForward: try linear(name + "intermediate.dense", [wide, hidden]),
                    output: try linear(name + "output.dense", [hidden, wide]),
                    outputNorm: try linear(name + "output.LayerNorm", [hidden])))
        }
        self.layers = layers
    }

    /// The last hidden state of every token of a ragged batch.
    ///
    /// - Parameter batch: the token ids of each text; ids within the vocabulary, each text at least
    ///   one and at most `positionCount` tokens.
    /// - Returns: the texts' rows one after the other.
    func encode(_ batch: [[Int32]]) -> FloatRows {
        let lengths = batch.map(\.count)
        let (hidden, wide) = (shape.hiddenSize, shape.feedForwardSize)
        var states = FloatRows(dimension: hidden, count: lengths.reduce(0, +))
        states.addRows(of: words, at: batch.flatMap { $0 })
        states.addRows(of: positions, at: lengths.flatMap { (0..<Int32($0)) })
        states.addRows(of: types, at: [Int32](repeating: 0, count: states.count))
        states.applyLayerNorm(
            gain: embeddingNorm.weights, shift: embeddingNorm.bias,
            epsilon: shape.layerNormEpsilon)
        var attentionInput = FloatRows(dimension: 3 * hidden, count: states.count)
        var next = FloatRows(dimension: hidden, count: states.count)
        var widened = FloatRows(dimension: wide, count: states.count)
        for layer in layers {
            for (part, linear) in [layer.queries, layer.keys, layer.values].enumerated() {
                attentionInput.setProduct(
                    of: states, weights: linear.weights, column: part * hidden)
                attentionInput.addBias(linear.bias, column: part * hidden)
            }
            let attended = selfAttention(
                attentionInput, lengths: lengths, headCount: shape.headCount)
            next.setProduct(of: attended, weights: layer.attentionOutput.weights)
            normalize(&next, adding: layer.attentionOutput.bias, states, by: layer.attentionNorm)
            widened.setProduct(of: next, weights: layer.feedForward.weights)
            widened.applyGELU(addingBias: layer.feedForward.bias)
            states.setProduct(of: widened, weights: layer.output.weights)
            normalize(&states, adding: layer.output.bias, next, by: layer.outputNorm)
        }
        return states
    }

    private func normalize(
        _ rows: inout FloatRows, adding bias: MappedFloats, _ residual: FloatRows, by norm: Linear
    ) {
        rows.applyLayerNorm(
            addingBias: bias, residual: residual, gain: norm.weights, shift: norm.bias,
            epsilon: shape.layerNormEpsilon)
    }
}
