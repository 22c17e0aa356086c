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
        case .unwritable(_, let code):
            self.init(
                code: code == EACCES ? "DENIED" : "UNWRITABLE",
                message: "\(file): \(String(cString: strerror(code)))",
                next: "check the folder and the room on the disk",
                exitCode: code == EACCES ? .denied : .failure)
        case .changed:
            self.init(
                code: "BUSY", message: "\(file): another process writes to it",
                next: "try again once it is done", exitCode: .busy)
        }
    }

    /// The folder of an index that was refused.
    init(_ error: VectorFileError, index folder: String) {
        switch error {
        case .unreadable(.system(_, let code)) where code == ENOENT:
            self.init(
                code: "NOT_FOUND", message: "\(folder): there is no index in it",
                next: "conductor vectors build BASE.npy -o \(folder)", exitCode: .notFound)
        case .truncated, .unexpected, .trailing, .unsupported:
            self.init(
                code: "BAD_FILE", message: "\(folder): \(error.reason)",
                next: "make it anew: conductor vectors build BASE.npy -o \(folder)",
                exitCode: .failure)
        case .unreadable, .unwritable, .changed: self.init(error, file: folder)
        }
    }

    /// A search through a graph that there is not.
    init(noGraph path: String) {
        self.init(
            code: "NO_GRAPH", message: "\(path): there is no graph to search through",
            next: "conductor vectors build BASE.npy -o INDEX, then search INDEX; "
                + "or --method exact", exitCode: .usage)
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
        case .duplicateKey(let key):
            self.init(
                code: "DUPLICATE_ID",
                message: "\(file): two rows have the id \(Int64(bitPattern: key.rawValue))",
                next: "conductor vectors build, which names rows by their numbers",
                exitCode: .failure)
        case .damaged:
            self.init(
                code: "BAD_FILE", message: "\(file): the index is damaged",
                next: "make it anew: conductor vectors build BASE.npy -o \(file)",
                exitCode: .failure)
        case .keyCount, .duplicateName, .staleFilter:
            preconditionFailure("a key a row, and no filter: \(error)")
        }
    }
}
