internal import Kernels
internal import Synchronization

/// A BERT-like encoder with its weights packed for the processor.
///
/// - Source: Devlin et al., "BERT", arXiv:1810.04805; Song et al., "MPNet", arXiv:2004.09297.
struct TransformerEncoder: Sendable {
    struct Norm: Sendable {
        let gain, shift: MappedFloats
    }

    struct Layer: Sendable {
        let attention: LinearLayer
        fileprivate let attentionOutput: LinearLayer
        fileprivate let attentionNorm: Norm
        fileprivate let feedForward, output: LinearLayer
        fileprivate let outputNorm: Norm
    }

    /// What one batch is worked out in; kept from batch to batch.
    struct Workspace: Sendable {
        var states, attended, next, widened, attentionInput: FloatRows
        var attention: SelfAttention
        var scratch = QuantizedRows()
    }

    /// Workspaces that no batch is using.
    private final class Pool: Sendable {
        private let idle = Mutex<[Workspace]>([])

        func take() -> Workspace? { idle.withLock { $0.popLast() } }
        func put(_ workspace: Workspace) { idle.withLock { $0.append(workspace) } }
    }

    let architecture: EncoderArchitecture
    private let words, positions: MappedFloats
    private let types: MappedFloats?
    private let embeddingNorm: Norm
    private let layers: [Layer]
    private let bias: RelativeBias?
    private let pool = Pool()

    /// Finds every weight that the architecture asks for, and packs those of the linear layers.
    ///
    /// - Throws: `.malformed` where one is missing or of another shape.
    /// - Complexity: O(weights).
    init(
        _ file: SafetensorsFile, _ architecture: EncoderArchitecture, precision: Precision
    ) throws(EmbeddingError) {
        self.architecture = architecture
        let (hidden, wide) = (architecture.hiddenSize, architecture.feedForwardSize)
        var arena = WeightArena()
        func part(_ name: String, _ size: [Int]) throws(EmbeddingError) -> LinearLayer.Part {
            LinearLayer.Part(
                weights: try file.floats(name + ".weight", shape: size),
                bias: try file.floats(name + ".bias", shape: [size[0]]))
        }
        func norm(_ name: String) throws(EmbeddingError) -> Norm {
            Norm(
                gain: try file.floats(name + ".weight", shape: [hidden]),
                shift: try file.floats(name + ".bias", shape: [hidden]))
        }
        words = try file.floats(
            "embeddings.word_embeddings.weight", shape: [architecture.vocabularySize, hidden])
        positions = try file.floats(
            "embeddings.position_embeddings.weight", shape: [architecture.positionCount, hidden])
        types =
            architecture.family == .bert
            ? try file.floats("embeddings.token_type_embeddings.weight", shape: [2, hidden]) : nil
        embeddingNorm = try norm("embeddings.LayerNorm")
        let names = architecture.layerNames
        var layers: [Layer] = []
        for index in 0..<architecture.layerCount {
            let name = "encoder.layer.\(index)."
            var attention: [LinearLayer.Part] = []
            for each in names.attention {
                attention.append(try part(name + each, [hidden, hidden]))
            }
            let attentionOutput = try part(name + names.attentionOutput, [hidden, hidden])
            let feedForward = try part(name + "intermediate.dense", [wide, hidden])
            let output = try part(name + "output.dense", [hidden, wide])
            layers.append(
                Layer(
                    // What drifts most: scores are taken to the power of e.
                    attention: LinearLayer(
                        attention, inputs: hidden, precision: precision, group: .inputs64,
                        arena: &arena),
                    attentionOutput: LinearLayer(
                        [attentionOutput], inputs: hidden, precision: precision,
                        group: .inputs128, arena: &arena),
                    attentionNorm: try norm(name + names.attentionNorm),
                    feedForward: LinearLayer(
                        [feedForward], inputs: hidden, activation: .gelu, precision: precision,
                        group: .inputs128, arena: &arena),
                    output: LinearLayer(
                        [output], inputs: wide, precision: precision, group: .inputs128,
                        arena: &arena),
                    outputNorm: try norm(name + "output.LayerNorm")))
        }
        self.layers = layers
        bias = try Self.relativeBias(file, architecture)
    }

    /// The mean of each text's last hidden states.
    ///
    /// - Parameter batch: the token ids of each text; ids within the vocabulary, each text at least
    ///   one and at most `longestText` tokens.
    /// - Returns: a row for each text.
    func meanStates(of batch: [[Int32]]) -> FloatRows {
        let lengths = batch.map(\.count)
        return withWorkspace { space in
            begin(batch.flatMap { $0 }, at: lengths.flatMap { positions(0..<$0) }, in: &space)
            passAlone(0..<layers.count, lengths: lengths, in: &space)
            return space.states.meanPooled(lengths: lengths)
        }
    }

    /// How many layers there are.
    var layerCount: Int { layers.count }

    /// Where the tokens of a text stand, as the model counts.
    func positions(_ tokens: Range<Int>) -> [Int32] {
        tokens.map { Int32(architecture.firstPosition + $0) }
    }

    func withWorkspace<Result>(_ body: (inout Workspace) -> Result) -> Result {
        var workspace = pool.take() ?? makeWorkspace()
        defer { pool.put(workspace) }
        return body(&workspace)
    }

    /// Sets `space.states` to what the first layer works on.
    ///
    /// - Parameters:
    ///   - tokens: the ids of the rows to work out.
    ///   - positions: where each stands in its text.
    ///   - space: where to work.
    func begin(_ tokens: [Int32], at positions: [Int32], in space: inout Workspace) {
        space.states.reuse(count: tokens.count)
        space.states.setRows(of: words, at: tokens)
        space.states.addRows(of: self.positions, at: positions)
        if let types {
            space.states.addRows(of: types, at: [Int32](repeating: 0, count: tokens.count))
        }
        normalize(&space.states, by: embeddingNorm)
    }

    /// Takes `space.states` through some layers, each text's rows by themselves.
    func passAlone(_ range: Range<Int>, lengths: [Int], in space: inout Workspace) {
        pass(range, in: &space) { _, layer, space in
            space.attentionInput.reuse(count: space.states.count)
            layer.attention.apply(
                to: space.states, into: &space.attentionInput, scratch: &space.scratch)
            space.attention.apply(
                to: space.attentionInput, lengths: lengths, into: &space.attended)
        }
    }

    /// Takes `space.states` through some layers.
    ///
    /// - Parameters:
    ///   - range: which layers.
    ///   - space: where to work.
    ///   - attend: writes each layer's `attended` from its `states`.
    /// - Throws: what `attend` throws.
    func pass<Failure: Error>(
        _ range: Range<Int>, in space: inout Workspace,
        attend: (_ layer: Int, Layer, inout Workspace) throws(Failure) -> Void
    ) throws(Failure) {
        for buffer in [\Workspace.attended, \.next, \.widened] {
            space[keyPath: buffer].reuse(count: space.states.count)
        }
        for index in range {
            let layer = layers[index]
            try attend(index, layer, &space)
            layer.attentionOutput.apply(
                to: space.attended, into: &space.next, scratch: &space.scratch)
            normalize(&space.next, adding: space.states, by: layer.attentionNorm)
            layer.feedForward.apply(to: space.next, into: &space.widened, scratch: &space.scratch)
            layer.output.apply(to: space.widened, into: &space.states, scratch: &space.scratch)
            normalize(&space.states, adding: space.next, by: layer.outputNorm)
        }
    }

    private func normalize(
        _ rows: inout FloatRows, adding residual: FloatRows? = nil, by norm: Norm
    ) {
        rows.applyLayerNorm(
            adding: residual, gain: norm.gain, shift: norm.shift,
            epsilon: architecture.layerNormEpsilon)
    }

    private func makeWorkspace() -> Workspace {
        let hidden = FloatRows(dimension: architecture.hiddenSize, count: 0)
        return Workspace(
            states: hidden, attended: hidden, next: hidden,
            widened: FloatRows(dimension: architecture.feedForwardSize, count: 0),
            attentionInput: FloatRows(dimension: 3 * architecture.hiddenSize, count: 0),
            attention: SelfAttention(headCount: architecture.headCount, bias: bias))
    }

    private static func relativeBias(
        _ file: SafetensorsFile, _ architecture: EncoderArchitecture
    ) throws(EmbeddingError) -> RelativeBias? {
        guard architecture.family == .mpnet, let buckets = architecture.distanceBucketCount else {
            return nil
        }
        let heads = architecture.headCount
        let table = try file.floats(
            "encoder.relative_attention_bias.weight", shape: [buckets, heads])
        let weights = table.values(0..<table.count)
        let reach = architecture.longestText - 1
        var values: [Float] = []
        for head in 0..<heads {
            for distance in -reach...reach {
                let bucket = EncoderArchitecture.bucket(ofDistance: distance, count: buckets)
                values.append(weights[bucket * heads + head])
            }
        }
        return RelativeBias(values: values, reach: reach)
    }
}
