public import Foundation

/// The folder of public runbooks and golden numbers beside the checkout, where there is one.
///
/// Tests that need it are enabled by its presence; nothing from it is copied into the project.
public enum SharedData {
    /// The folder; nil where the checkout stands alone.
    public static let folder: URL? = {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let data = checkout.deletingLastPathComponent().appending(path: "shared/data")
        return FileManager.default.fileExists(atPath: data.path) ? data : nil
    }()

    /// Whether the folder is there.
    public static var isPresent: Bool { folder != nil }

    private static let cache: String = {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"] ?? NSHomeDirectory()
        return (environment["XDG_CACHE_HOME"] ?? home + "/.cache") + "/conductor"
    }()

    /// The Python of the virtual environment that `make test` makes.
    public static let python: String? = {
        let path = cache + "/tests/bin/python"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    /// Where the set-up puts the embedding model.
    public static let model = installedModel("all-minilm-l6-v2")

    /// Where the set-up puts the table of token vectors, which is optional.
    public static let staticModel = installedModel("wordllama-256")

    /// Where the set-up puts the larger model, when it is asked to.
    public static let largeModel = installedModel("all-mpnet-base-v2")

    private static func installedModel(_ name: String) -> URL? {
        let models = ProcessInfo.processInfo.environment["CONDUCTOR_MODELS"] ?? cache + "/models"
        let model = URL(filePath: models).appending(path: name)
        let weights = model.appending(path: "model.safetensors")
        return FileManager.default.fileExists(atPath: weights.path) ? model : nil
    }
}
