import Foundation
import Glibc
import UnixSignals

/// A folder for one run, removed at its end, also where the run is interrupted.
enum ScratchFolder {
    /// Runs `body` with the path of a folder that does not exist yet.
    static func with<Result>(
        _ purpose: String, _ body: (String) async throws -> Result
    ) async throws -> Result {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "conductor-\(purpose)-\(UUID().uuidString)").path
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let watch = Task {
            for await signal in signals {
                remove(path)
                _exit(128 + signal.rawValue)
            }
        }
        defer {
            watch.cancel()
            remove(path)
        }
        return try await body(path)
    }

    private static func remove(_ path: String) {
        guard FileManager.default.fileExists(atPath: path) else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            Console.note("conductor: \(path) could not be removed: \(error)")
        }
    }
}
