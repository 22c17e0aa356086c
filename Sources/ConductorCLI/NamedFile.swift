import Documents
import Orchestration

/// Reads a file that the user named.
enum NamedFile {
    static func bytes(of path: String) throws -> [UInt8] {
        do throws(DocumentError) {
            return try DocumentReader().bytes(of: path)
        } catch {
            let isMissing = error == .notFound(path: path)
            throw Failure(
                code: isMissing ? "NOT_FOUND" : "UNREADABLE",
                message: "\(path): \(error.diagnostic.message)", next: "check the path",
                exitCode: isMissing ? .notFound : .failure)
        }
    }
}
