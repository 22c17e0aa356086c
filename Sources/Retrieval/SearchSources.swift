internal import Store

/// What one search reads from: a memory at a moment, and what earlier searches learnt of it.
struct SearchSources: Sendable {
    let reader: MemoryReader
    let outline: MemoryOutline
    private let notes: PassageNotes

    /// Asks what state the memory is in.
    init(_ reader: MemoryReader, _ vectors: PassageVectors) throws(StoreError) {
        self.reader = reader
        outline = try reader.outline()
        notes = vectors.notes
    }

    /// The headings of passages; those that are gone may be missing.
    func headings(
        of ids: some Sequence<ChunkID>
    ) throws(StoreError) -> [ChunkID: PassageNotes.Heading] {
        try notes.headings(of: ids, reader, at: outline.moment)
    }

    /// The prints of the texts of passages, in their order; those that are gone may be missing.
    func prints(of ids: [ChunkID]) throws(StoreError) -> [(id: ChunkID, print: TextPrint?)] {
        try notes.prints(of: ids, reader, at: outline.moment)
    }

    /// The documents of passages; those that are gone may be missing.
    func cards(of ids: [ChunkID]) throws(StoreError) -> [ChunkID: DocumentCard] {
        let headings = try headings(of: ids)
        let pages = try pages(Set(headings.values.map(\.document)))
        return headings.compactMapValues { pages[$0.document]?.card }
    }

    /// Documents with what they say of themselves; those that are gone may be missing.
    func pages(_ rows: some Sequence<Int64>) throws(StoreError) -> [Int64: FoundPage] {
        try notes.pages(rows, reader, at: outline.moment)
    }
}
