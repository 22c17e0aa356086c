internal import Documents

/// A document's short stable name: the first twelve digits of its path's SHA-256.
public enum Docid {
    /// The docid of the document at a path.
    public static func docid(of path: String) -> String {
        String(ContentHash(of: path.utf8).rawValue.prefix(12))
    }
}
