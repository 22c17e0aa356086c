import Foundation
import Orchestration
import Retrieval
import Store
import StrictJSON

/// What an evaluation reads and writes beside its queries.
struct EvaluationFiles {
    let save: String?
    let compare: String?
    let report: String?

    /// The run to compare with.
    func earlierRun() throws -> SavedRun? {
        try compare.map { path in
            let bytes = try NamedFile.bytes(of: path)
            do {
                return try SavedRun(fileBytes: bytes)
            } catch let error as JSONError {
                throw Self.badFile(path, error, next: "conductor eval --save RUN.json")
            }
        }
    }

    /// The parameters in a file; the shipped ones where none is named.
    func parameters(_ path: String?) throws -> RankingParameters {
        guard let path else { return .shipped }
        let bytes = try NamedFile.bytes(of: path)
        do throws(JSONError) {
            return try StrictJSON.decode(RankingParameters.self, from: bytes)
        } catch {
            throw Self.badFile(path, error, next: "conductor eval --tune --json, its member best")
        }
    }

    /// Writes the run and the report, where they were asked for.
    func write(
        _ run: EvaluationRun, _ comparison: RunComparison?, _ tuning: TuningReport?
    ) throws {
        if let save { try AtomicFile.write(run.fileBytes(), to: save) }
        guard let report else { return }
        let pages = EvaluationReport(run, comparison: comparison, tuning: tuning)
        for (name, bytes) in try pages.files() {
            try AtomicFile.write(bytes, to: report + "/" + name)
        }
    }

    private static func badFile(_ path: String, _ error: JSONError, next: String) -> Failure {
        Failure(
            code: "BAD_FILE", message: "\(path): \(error)", next: next, exitCode: .failure)
    }
}
