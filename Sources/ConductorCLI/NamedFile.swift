import Documents
import Orchestration

/// Reads a file that the user named.
enum NamedFile {
    /// Longer files are an error; documents have a lower limit, but this one was asked for by name.
    private static let byteLimit = 1 << 30

    static func bytes(of path: String) throws -> [UInt8] {
        do throws(DocumentError) {
            return try DocumentReader(byteLimit: byteLimit).bytes(of: path)
        } catch {
            let isMissing = error == .notFound(path: path)
            throw Failure(
                code: isMissing ? "NOT_FOUND" : "UNREADABLE",
                message: "\(path): \(error.diagnostic.message)", next: "check the path",
                exitCode: isMissing ? .notFound : .failure)
        }
    }
}
