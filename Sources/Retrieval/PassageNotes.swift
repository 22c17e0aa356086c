internal import Store
internal import Synchronization

/// What searches learn of passages and pages, kept for later ones.
///
/// A passage's text and headings stay as they are as long as it is there, so that they are read and
/// taken apart once; what a page says of itself holds for one moment of the memory. All of it takes
/// at most about 32 MiB. A memory that keeps no log of its passages has no moments: nothing of it
/// is kept.
final class PassageNotes: Sendable {
    /// A passage's place, and what its headings say.
    struct Heading: Sendable {
        /// The row id of its document.
        let document: Int64
        /// The words of its headings as `HeadingCoverage` compares them.
        let stems: [HeadingCoverage.Stem]
    }

    /// A text's print; nil for a text that is too short to be a copy.
    private struct Print: Sendable {
        let value: TextPrint?
    }

    private struct Kept {
        var moment: MemoryMoment?
        var headings = Recent<ChunkID, Heading>(limit: 14 << 20)
        var prints = Recent<ChunkID, Print>(limit: 10 << 20)
        var pages = Recent<Int64, FoundPage>(limit: 8 << 20)

        /// Forgets what does not hold at a moment.
        mutating func come(to moment: MemoryMoment) {
            guard self.moment != moment else { return }
            let isSame = self.moment?.memory == moment.memory
            let before = self
            self = Kept(moment: moment)
            guard isSame else { return }
            (headings, prints) = (before.headings, before.prints)
        }
    }

    private let kept = Mutex(Kept())

    /// The headings of passages; those that are gone may be missing.
    func headings(
        of ids: some Sequence<ChunkID>, _ reader: MemoryReader, at moment: MemoryMoment?
    ) throws(StoreError) -> [ChunkID: Heading] {
        var (found, missing) = known(ids, at: moment) { $0.headings.value(of: $1) }
        let read = try reader.headings(of: missing).map { heading in
            let stems = HeadingCoverage.stems(of: heading.breadcrumb)
            return (heading.id, Heading(document: heading.document, stems: stems))
        }
        for (id, heading) in read { found[id] = heading }
        keep(at: moment) { kept in
            for (id, heading) in read {
                kept.headings.keep(heading, of: id, cost: 96 + heading.stems.count * 8)
            }
        }
        return found
    }

    /// The prints of the texts of passages, in their order; those that are gone may be missing.
    func prints(
        of ids: [ChunkID], _ reader: MemoryReader, at moment: MemoryMoment?
    ) throws(StoreError) -> [(id: ChunkID, print: TextPrint?)] {
        var (found, missing) = known(ids, at: moment) { $0.prints.value(of: $1) }
        let read = try reader.bodies(of: missing).mapValues { Print(value: TextPrint($0)) }
        found.merge(read) { $1 }
        keep(at: moment) { kept in
            for (id, print) in read {
                kept.prints.keep(print, of: id, cost: 96 + (print.value?.byteCount ?? 0))
            }
        }
        return ids.compactMap { id in found[id].map { (id, $0.value) } }
    }

    /// Documents, with what they say of themselves where no fact speaks; those that are gone may be
    /// missing.
    func pages(
        _ rows: some Sequence<Int64>, _ reader: MemoryReader, at moment: MemoryMoment?
    ) throws(StoreError) -> [Int64: FoundPage] {
        var (found, missing) = known(rows, at: moment) { $0.pages.value(of: $1) }
        let read = try reader.documentCards(missing).map { card in
            FoundPage(
                card: card, claims: PageClaims(frontMatter: card.frontMatter, path: card.path))
        }
        for page in read { found[page.card.rowID] = page }
        keep(at: moment) { kept in
            for page in read {
                let card = page.card
                let bytes =
                    card.path.utf8.count + card.title.utf8.count + 3 * card.frontMatter.utf8.count
                kept.pages.keep(page, of: card.rowID, cost: 512 + bytes)
            }
        }
        return found
    }

    private func known<Key: Hashable & Sendable, Value: Sendable>(
        _ keys: some Sequence<Key>, at moment: MemoryMoment?,
        _ look: (inout Kept, Key) -> Value?
    ) -> (found: [Key: Value], missing: [Key]) {
        var found: [Key: Value] = [:]
        var missing: [Key] = []
        guard let moment else { return (found, Array(keys)) }
        found.reserveCapacity(keys.underestimatedCount)
        kept.withLock { kept in
            kept.come(to: moment)
            for key in keys {
                if let value = look(&kept, key) { found[key] = value } else { missing.append(key) }
            }
        }
        return (found, missing)
    }

    /// What was read while another search came to a later moment is not kept.
    private func keep(at moment: MemoryMoment?, _ store: (inout Kept) -> Void) {
        guard let moment else { return }
        kept.withLock { kept in
            if kept.moment == moment { store(&kept) }
        }
    }
}
