import Glibc
import Kernels
import Orchestration
import Vectors

extension Failure {
    /// A file of vectors that was refused.
    init(_ error: VectorFileError, file: String) {
        switch error {
        case .unreadable(let cause):
            self.init(cause, file: file)
        case .truncated, .unexpected, .trailing:
            self.init(
                code: "BAD_FILE", message: "\(file): \(error.reason)", next: "write the file anew",
                exitCode: .failure)
        case .unsupported(offset: 0, let found, let supported):
            // The first bytes tell the format: this is none, or a kind of FAISS index.
            self.init(
                code: "UNSUPPORTED",
                message: "\(file): neither .npy nor .fvecs, and begins with \(found); "
                    + "of FAISS files conductor reads \(supported)",
                next: "save the vectors with numpy.save as float32", exitCode: .failure)
        case .unsupported:
            self.init(
                code: "UNSUPPORTED", message: "\(file): \(error.reason)",
                next: "save the vectors with numpy.save as float32", exitCode: .failure)
        }
    }

    /// A file that could not be mapped.
    init(_ error: MappingError, file: String) {
        switch error {
        case .notARegularFile:
            self.init(
                code: "UNREADABLE", message: "\(file): a folder, pipe or device, not a file",
                next: "name a .npy, .fvecs or FAISS file", exitCode: .failure)
        case .system(_, let code):
            let isMissing = code == ENOENT
            self.init(
                code: isMissing ? "NOT_FOUND" : code == EACCES ? "DENIED" : "UNREADABLE",
                message: "\(file): \(String(cString: strerror(code)))", next: "check the path",
                exitCode: isMissing ? .notFound : code == EACCES ? .denied : .failure)
        }
    }

    /// Rows or queries of a file that an index refused.
    init(_ error: IndexError, file: String, firstRow: Int = 0) {
        switch error {
        case .notFinite(let row):
            self.init(
                code: "NOT_FINITE", message: "\(file): row \(firstRow + row) holds NaN or infinity",
                next: "conductor vectors info \(file), which counts such rows", exitCode: .failure)
        case .dimension(let expected, let found):
            self.init(
                code: "DIMENSION",
                message: "\(file): its vectors are \(found) long, those of the base \(expected)",
                next: "conductor vectors info \(file)", exitCode: .failure)
        case .keyCount, .duplicateKey, .duplicateName, .staleFilter:
            preconditionFailure("rows of a file are named by their numbers: \(error)")
        }
    }
}
