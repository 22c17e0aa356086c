/// Merges that wait for their turn: the least first, of equal ones the leftmost.
///
/// A binary heap. A merge that another has overtaken stays in it; whoever takes it out looks
/// whether it still applies.
struct MergeQueue {
    private struct Entry {
        let merge: MergeTable.Merge
        let place: Int

        func precedes(_ other: Entry) -> Bool {
            merge != other.merge ? merge < other.merge : place < other.place
        }
    }

    private var entries: [Entry] = []

    /// Adds a merge without ordering it; `order()` must follow.
    mutating func append(_ merge: MergeTable.Merge, at place: Int) {
        entries.append(Entry(merge: merge, place: place))
    }

    /// Orders what was appended.
    ///
    /// - Complexity: O(n).
    mutating func order() {
        for index in stride(from: entries.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    /// Adds a merge in its order.
    ///
    /// - Complexity: O(log n).
    mutating func insert(_ merge: MergeTable.Merge, at place: Int) {
        let entry = Entry(merge: merge, place: place)
        var index = entries.count
        entries.append(entry)
        while index > 0 {
            let parent = (index - 1) / 2
            guard entry.precedes(entries[parent]) else { break }
            entries[index] = entries[parent]
            index = parent
        }
        entries[index] = entry
    }

    /// Takes out the first merge.
    ///
    /// - Complexity: O(log n).
    mutating func popFirst() -> (merge: MergeTable.Merge, place: Int)? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        if !entries.isEmpty {
            entries[0] = last
            sink(0)
        }
        return (first.merge, first.place)
    }

    private mutating func sink(_ start: Int) {
        let entry = entries[start]
        var index = start
        while true {
            var child = 2 * index + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1].precedes(entries[child]) {
                child += 1
            }
            guard entries[child].precedes(entry) else { break }
            entries[index] = entries[child]
            index = child
        }
        entries[index] = entry
    }
}
