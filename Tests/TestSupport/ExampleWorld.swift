public import Foundation

/// A temporary copy of corpora/, as `make demo` uses it.
public struct ExampleWorld: Sendable {
    /// The copy.
    public let folder: TemporaryFolder

    /// The checkout's corpora/.
    public static let source = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "corpora")

    /// Copies the world.
    public init() throws {
        folder = try TemporaryFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.source.path) {
            try FileManager.default.copyItem(
                at: Self.source.appending(path: name), to: folder.url.appending(path: name))
        }
    }

    /// A variable that hides the embedding model, for quick runs by words alone.
    public static let withoutModel = ["CONDUCTOR_MODELS": "/nonexistent"]
}
