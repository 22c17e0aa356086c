/// What the maker of an index notes in its file: of what it was made.
public struct IndexNote: Sendable, Equatable {
    /// Rises with what the index was made from.
    public var generation: UInt64
    /// Names what the index was made from, such as an embedder's fingerprint; at most 1,024 bytes.
    public var label: String

    /// A note.
    public init(generation: UInt64 = 0, label: String = "") {
        self.generation = generation
        self.label = label
    }
}
