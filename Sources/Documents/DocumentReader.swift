/// The arrow file → document.
public struct DocumentReader: Sendable {
    /// The largest file read, in bytes.
    public let byteLimit: Int

    /// A reader that takes files of at most `byteLimit` bytes, 4 MiB unless told otherwise.
    public init(byteLimit: Int = 4 << 20) {
        self.byteLimit = byteLimit
    }

    /// Reads the file at `location` as a document that calls itself `path`.
    ///
    /// - Throws: `DocumentError`. Invalid UTF-8, mojibake, odd front matter and emptiness are not
    ///   errors: the document's diagnostics tell.
    public func read(_ location: String, as path: String? = nil) throws(DocumentError) -> Document {
        let bytes = try fileBytes(at: location, limit: byteLimit)
        guard !bytes.contains(0) else { throw .binary(path: location) }
        return Document(bytes, path: path ?? location)
    }

    /// The raw bytes of a file, for showing and for comparing hashes.
    ///
    /// - Throws: `DocumentError`.
    public func bytes(of location: String) throws(DocumentError) -> [UInt8] {
        try fileBytes(at: location, limit: byteLimit)
    }
}
