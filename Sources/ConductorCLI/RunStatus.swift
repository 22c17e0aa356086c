import Foundation
import Orchestration
import Retrieval
import Store

extension RunFolder {
    /// The folder of the run that the user named.
    ///
    /// - Throws: `Failure`.
    static func named(_ name: String, in paths: MemoryPaths) throws -> RunFolder {
        guard let id = RunID(rawValue: name) else {
            throw Failure(
                code: "INVALID_NAME", message: "not a run's name: \(name)",
                next: "ls \(paths.runs)", exitCode: .usage)
        }
        return RunFolder(id, in: paths)
    }

    /// Writes the run's retrospective, notes it in the timeline and brings `status.md` up to date.
    ///
    /// - Returns: false where there was a retrospective; then nothing is changed.
    /// - Throws: `RunError`, `StoreError`.
    @discardableResult
    func close(by owner: String, settings: Settings) throws -> Bool {
        let record = try RunRecord(self)
        let place = settings.paths.stored(path)
        guard record.state != .closed else {
            Console.note("conductor: \(place)/retrospective.md is there already; it stays")
            return false
        }
        let writer = try MemoryWriter(settings.memory)
        for sentence in writer.repairs { Console.note("repaired: \(sentence)") }
        let retrospective = Retrospective(
            of: record, owner: owner, folder: place, now: Date.now.ISO8601Format())
        try write([("retrospective.md", Array(retrospective.markdown.utf8))])
        try writer.append([retrospective.event])
        try RunRecord(self).writeStatus(to: self, now: .now)
        return true
    }
}
