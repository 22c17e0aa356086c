internal import Documents
internal import Embedding
internal import Glibc
internal import Retrieval
internal import Store

extension Failure {
    /// Any error that a command or a request ended with.
    public init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as StoreError: self.init(error)
        case let error as RetrievalError: self.init(error)
        case let error as EvaluationError: self.init(error)
        case let error as DocumentError:
            let remark = error.diagnostic
            self.init(
                code: remark.code.rawValue.uppercased(),
                message: "\(remark.path): \(remark.message)", next: "conductor index PATH",
                exitCode: .failure)
        case let error as RunError: self.init(error)
        case let error as ModelError:
            self.init(
                code: "MODEL_UNAVAILABLE", message: error.reason,
                next: "conductor plan GOAL --planner offline", exitCode: .modelUnavailable)
        case EmbeddingError.unknownName(let id):
            let error = EmbeddingError.unknownName(id)
            self.init(code: "USAGE", message: error.reason, next: error.next, exitCode: .usage)
        case let error as EmbeddingError:
            self.init(
                code: "MODEL_UNAVAILABLE", message: error.reason,
                next: error.next, exitCode: .modelUnavailable)
        default:
            self.init(
                code: "FAILURE", message: "\(error)", next: "conductor status", exitCode: .failure)
        }
    }

    private init(_ error: StoreError) {
        switch error {
        case .busy(let owner):
            self.init(
                code: "BUSY", message: "busy: the memory is owned by \(owner)",
                next: "try again when it has finished; searches go on", exitCode: .busy)
        case .missing(let path):
            self.init(
                code: "NOT_INDEXED", message: "there is no memory at \(path)",
                next: "conductor index PATH", exitCode: .notFound)
        case .system(let path, let code):
            let isDenied = [EACCES, EPERM, EROFS].contains(code)
            self.init(
                code: isDenied ? "DENIED" : "SYSTEM",
                message: "\(path): \(String(cString: strerror(code)))",
                next: "check the folder's permissions and free space",
                exitCode: isDenied ? .denied : .failure)
        case .database(let code, let message):
            self.init(
                code: "DATABASE", message: "SQLite refused (\(code)): \(message)",
                next: "check free space and permissions of memory/", exitCode: .failure)
        case .newerSchema(let found):
            self.init(
                code: "NEWER_SCHEMA", message: "this memory has schema \(found), newer than mine",
                next: "use the newer conductor; nothing was changed", exitCode: .failure)
        case .invalidName(let name):
            self.init(
                code: "INVALID_NAME", message: "not an allowed name: \(name)",
                next: "use letters, digits and . _ - /", exitCode: .usage)
        case .corrupt(let reason):
            self.init(
                code: "CORRUPT", message: "stored bytes are damaged: \(reason)",
                next: "move memory/kv.sqlite aside and run: conductor index", exitCode: .failure)
        }
    }

    private init(_ error: RunError) {
        switch error {
        case .notFound(let run):
            self.init(
                code: "NOT_FOUND", message: "there is no run \(run)",
                next: "conductor plan GOAL --run \(run)", exitCode: .notFound)
        case .unreadable(let run, let reason):
            self.init(
                code: "RUN_DAMAGED", message: "run \(run) cannot be read: \(reason)",
                next: "plan again under another --run ID", exitCode: .failure)
        }
    }

    private init(_ error: RetrievalError) {
        switch error {
        case .pathNotFound(let path):
            self.init(
                code: "NOT_FOUND", message: "no such file or folder: \(path)",
                next: "conductor index PATH", exitCode: .notFound)
        case .documentNotFound(let target):
            self.init(
                code: "NOT_FOUND", message: "neither a file nor a known docid: \(target)",
                next: "conductor search QUERY", exitCode: .notFound)
        case .ambiguousDocid(let docid, let paths):
            self.init(
                code: "AMBIGUOUS",
                message:
                    "\(docid) names \(paths.count) documents: \(paths.joined(separator: ", "))",
                next: "give more digits", exitCode: .usage)
        case .linesNotFound(let path, let count):
            self.init(
                code: "NOT_FOUND", message: "\(path) has only \(count) lines",
                next: "conductor get \(path)", exitCode: .notFound)
        case .nothingToIndex(let looked):
            self.init(
                code: "NOTHING_TO_INDEX",
                message: "none of \(looked.joined(separator: "/, "))/ is here, and no path was "
                    + "indexed before", next: "conductor index PATH", exitCode: .notFound)
        case .embedderUnavailable(let reason):
            self.init(
                code: "MODEL_UNAVAILABLE", message: reason, next: "make setup, or --mode lexical",
                exitCode: .modelUnavailable)
        case .rerankerFailed(let reason):
            self.init(
                code: "MODEL_UNAVAILABLE", message: reason,
                next: "search without --rerank, or without --strict", exitCode: .modelUnavailable)
        case .emptyQuery:
            self.init(
                code: "USAGE", message: "the query is empty",
                next: "conductor search \"pods stuck in CrashLoopBackOff\"", exitCode: .usage)
        case .notAnAlert:
            self.init(
                code: "BAD_FILE",
                message: "not an alert: expected Alertmanager's JSON with labels or annotations",
                next: "conductor search --log FILE for other text", exitCode: .failure)
        }
    }

    private init(_ error: EvaluationError) {
        switch error {
        case .unreadable(let path, let reason):
            self.init(
                code: "NOT_FOUND", message: "\(path): \(reason)",
                next: "name a folder with corpus.jsonl, queries.jsonl and qrels.tsv",
                exitCode: .notFound)
        case .malformed(let path, let line, let reason):
            self.init(
                code: "BAD_FILE", message: "\(path):\(line): \(reason)", next: "mend that line",
                exitCode: .failure)
        case .nothingToAsk(let path):
            self.init(
                code: "NOTHING_TO_ASK", message: "\(path): no query has a relevant document",
                next: "add judgements", exitCode: .failure)
        case .nothingToCompare:
            self.init(
                code: "NOTHING_TO_COMPARE", message: "the two runs have no query in common",
                next: "conductor eval --save RUN.json, with the same queries", exitCode: .failure)
        }
    }
}
