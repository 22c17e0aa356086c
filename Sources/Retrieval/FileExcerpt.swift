internal import Documents
internal import Foundation
public import Store

/// Lines of a file as it is now, for reading a citation.
public struct FileExcerpt: Sendable, Codable, Equatable {
    /// The file: relative to the root when below it, else absolute.
    public let path: String
    /// The number of the first line, from 1.
    public let startLine: Int
    /// The number of the last line; one less than `startLine` where the file is empty.
    public let endLine: Int
    /// The raw lines, joined by LF.
    public let text: String
    /// The SHA-256 of the whole file.
    public let hash: String

    enum CodingKeys: String, CodingKey {
        case path, text, hash
        case startLine = "start_line"
        case endLine = "end_line"
    }
}

extension FileExcerpt {
    /// The same lines of another text of the same file, line for line.
    public func cut(from text: String) -> FileExcerpt {
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        let kept = lines.dropFirst(startLine - 1).prefix(max(0, endLine - startLine + 1))
        return FileExcerpt(
            path: path, startLine: startLine, endLine: endLine,
            text: String(decoding: Array(kept.joined(separator: [0x0A])), as: UTF8.self), hash: hash
        )
    }
}

/// What `get` was asked for: `PATH`, `PATH:LINE`, `PATH:LINE:COUNT`, `PATH:START-END` or `#docid`.
public struct ExcerptRequest: Sendable, Equatable {
    /// The path or docid.
    public let target: String
    /// The lines; nil for the whole file.
    ///
    /// The last may lie behind the file's end.
    public let lines: ClosedRange<Int>?

    /// A request for lines of a path or docid.
    public init(target: String, lines: ClosedRange<Int>?) {
        self.target = target
        self.lines = lines
    }

    /// Reads the forms above; whatever follows none of them is all path.
    public init(_ text: String) {
        if let citation = Citation(text), !text.hasSuffix(":\(citation.startLine)") {
            self.init(target: citation.path, lines: citation.startLine...citation.endLine)
        } else if let match = text.wholeMatch(of: /(.+?):(\d+):(\d+)/),
            let line = Int(match.2), let count = Int(match.3), line >= 1, count >= 1
        {
            let (last, overflow) = line.addingReportingOverflow(count - 1)
            self.init(target: String(match.1), lines: line...(overflow ? Int.max : last))
        } else if let citation = Citation(text) {
            self.init(target: citation.path, lines: citation.startLine...citation.endLine)
        } else {
            self.init(target: text, lines: nil)
        }
    }
}

extension FileExcerpt {
    /// Reads the lines that a request asks for from the file as it is now.
    ///
    /// - Parameters:
    ///   - request: a path below the root, an absolute one, one relative to the current folder, or
    ///     a docid.
    ///   - paths: the memory's root.
    ///   - reader: resolves docids; nil where there is no memory yet.
    /// - Returns: the lines.
    /// - Throws: `RetrievalError.documentNotFound`, `.ambiguousDocid`, `.linesNotFound`,
    ///   `DocumentError`, `StoreError`.
    public static func read(
        _ request: ExcerptRequest, paths: RootedPaths, reader: MemoryReader?
    ) throws -> FileExcerpt {
        let stored = try storedPath(of: request.target, paths: paths, reader: reader)
        // What was indexed and has become a link since leads elsewhere.
        guard paths.stored(paths.location(of: stored)) == stored else {
            throw RetrievalError.documentNotFound(request.target)
        }
        let bytes: [UInt8]
        do throws(DocumentError) {
            bytes = try DocumentReader().bytes(of: paths.location(of: stored))
        } catch {
            guard case .notFound = error else { throw error }
            throw RetrievalError.documentNotFound(request.target)
        }
        let source = SourceText(bytes)
        let hash = ContentHash(of: bytes).rawValue
        let wanted = request.lines ?? 1...max(1, source.lines.count)
        guard !source.lines.isEmpty else {
            guard request.lines == nil else {
                throw RetrievalError.linesNotFound(path: stored, lineCount: 0)
            }
            return FileExcerpt(path: stored, startLine: 1, endLine: 0, text: "", hash: hash)
        }
        guard wanted.lowerBound <= source.lines.count else {
            throw RetrievalError.linesNotFound(path: stored, lineCount: source.lines.count)
        }
        let lines = wanted.lowerBound...min(wanted.upperBound, source.lines.count)
        return FileExcerpt(
            path: stored, startLine: lines.lowerBound, endLine: lines.upperBound,
            text: source.rawText(of: lines), hash: hash)
    }

    private static func storedPath(
        of target: String, paths: RootedPaths, reader: MemoryReader?
    ) throws -> String {
        let docid = target.drop { $0 == "#" }
        let isDocid = docid.count >= 4 && docid.allSatisfy(\.isHexDigit)
        if !target.hasPrefix("#") {
            let below = paths.location(of: target)
            if exists(below) { return paths.stored(below) }
            if exists(target) { return paths.stored(target) }
        }
        guard isDocid, let reader else { throw RetrievalError.documentNotFound(target) }
        let found = try reader.paths(docidPrefix: docid.lowercased())
        guard found.count <= 1 else {
            throw RetrievalError.ambiguousDocid(target, paths: found)
        }
        guard let path = found.first else { throw RetrievalError.documentNotFound(target) }
        return path
    }

    private static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }
}
