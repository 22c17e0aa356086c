internal import Foundation
internal import Kernels

/// The models that are installed on this machine, each in a folder of its own.
public struct LocalModels: Sendable {
    /// The model that is used where nothing else is said.
    public static let defaultName = "all-minilm-l6-v2"

    /// The model whose vectors are searched beside those of any other.
    public static let companionName = "wordllama-256"

    private let folder: String

    /// The models below a folder.
    public init(folder: String) {
        self.folder = folder
    }

    /// Whether a model's folder is there.
    public func isInstalled(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/" + name)
    }

    /// Opens the embedder of an ID: a model's name, or `NAME/fp32` or `NAME/int8` for a transformer
    /// at that precision.
    ///
    /// - Parameters:
    ///   - id: the ID.
    ///   - sharesSingleTexts: as for `TransformerEmbedder`; a static one needs no second thread.
    /// - Returns: the embedder.
    /// - Throws: `EmbeddingError`; `.unknownName` where the ID has another form.
    /// - Complexity: as the embedder's initialiser.
    public func embedder(
        named id: String, sharesSingleTexts: Bool = false
    ) throws(EmbeddingError) -> any Embedder {
        let parts = id.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let name = parts.first, name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]*/) != nil,
            parts.count <= 2
        else { throw .unknownName(id) }
        var precision: Precision?
        if parts.count == 2 {
            precision = Precision(rawValue: parts[1])
            guard precision != nil else { throw .unknownName(id) }
        }
        let place = folder + "/" + name
        if FileManager.default.fileExists(atPath: place + "/tokenizer.json") {
            guard precision == nil else { throw .unknownName(id) }
            return try StaticEmbedder(contentsOf: place)
        }
        return try TransformerEmbedder(
            contentsOf: place, precision: precision, sharesSingleTexts: sharesSingleTexts)
    }
}
