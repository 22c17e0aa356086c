import Documents
import Foundation
import TestSupport
import Testing

/// The properties of chunks over files that people wrote.
struct ChunkerCorpusTests {
    private static let checkout = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func check(folder: URL) throws -> Int {
        let walk = try FolderWalk(folder.path)
        for path in walk.files {
            guard let document = try? DocumentReader().read(path) else { continue }
            let properties = ChunkProperties(document.source.bytes, path: path)
            properties.expectTiles(path)
            properties.expectWhole(properties.atomicRuns, path)
        }
        return walk.files.count
    }

    @Test func `the example world is tiled`() throws {
        #expect(try check(folder: Self.checkout.appending(path: "corpora")) >= 20)
    }

    @Test(.enabled(if: SharedData.isPresent, "the public runbooks lie beside the checkout"))
    func `public runbooks are tiled`() throws {
        let folder = try #require(SharedData.folder).appending(path: "corpora")
        #expect(try check(folder: folder) >= 500)
    }
}
