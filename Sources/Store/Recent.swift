/// Values by key, of which those that were used last are kept, up to a cost.
///
/// There are two halves: what is used goes to the young one, and when that is full it becomes the
/// old one, whose values are forgotten. So a value is kept while it is used now and then, and
/// nothing has to be sorted.
public struct Recent<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    // Inlinable throughout: who keeps something here looks hundreds of keys up in a search.
    @usableFromInline
    struct Entry: Sendable {
        @usableFromInline let value: Value
        @usableFromInline let cost: Int

        @inlinable
        init(value: Value, cost: Int) {
            self.value = value
            self.cost = cost
        }
    }

    @usableFromInline let limit: Int
    @usableFromInline var young: [Key: Entry] = [:]
    @usableFromInline var old: [Key: Entry] = [:]
    @usableFromInline var cost = 0

    /// Nothing yet.
    ///
    /// - Parameter limit: the most that all values may cost together, in whatever unit.
    @inlinable
    public init(limit: Int) {
        self.limit = limit / 2
    }

    /// How many values are kept.
    public var count: Int { young.count + old.count }

    /// The value of a key; nil where it is not known (any more).
    @inlinable
    public mutating func value(of key: Key) -> Value? {
        if let entry = young[key] { return entry.value }
        guard let entry = old.removeValue(forKey: key) else { return nil }
        keep(entry, key)
        return entry.value
    }

    /// Keeps a value; one that costs more than half of the limit is not kept.
    @inlinable
    public mutating func keep(_ value: Value, of key: Key, cost: Int) {
        old[key] = nil
        if let known = young.removeValue(forKey: key) { self.cost -= known.cost }
        keep(Entry(value: value, cost: cost), key)
    }

    @inlinable
    mutating func keep(_ entry: Entry, _ key: Key) {
        guard entry.cost <= limit else { return }
        if cost + entry.cost > limit {
            old = young
            young = [:]
            cost = 0
        }
        young[key] = entry
        cost += entry.cost
    }
}
