/// The part that a space of vectors plays in a memory.
public enum VectorRole: Sendable, Hashable, CaseIterable {
    /// What dense search ranks by.
    case main
    /// A second opinion, searched beside the main one.
    case companion

    /// What `meta` calls the space that plays it.
    public var metaName: String {
        switch self {
        case .main: "embedder"
        case .companion: "companion_embedder"
        }
    }
}
