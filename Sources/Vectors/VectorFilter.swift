internal import Kernels

/// Some rows of an index, for searches that look at no others.
///
/// Belongs to the index as it was when the filter was made; a changed index refuses it.
public struct VectorFilter: Sendable {
    let slots: SlotSet
    let revision: IndexRevision

    /// The number of rows that pass.
    public var count: Int { slots.count }

    /// The rows that pass both.
    ///
    /// - Precondition: both were made from the same state of one index.
    public func intersection(_ other: VectorFilter) -> VectorFilter {
        combined(other, slots.intersection(other.slots))
    }

    /// The rows that pass either.
    ///
    /// - Precondition: both were made from the same state of one index.
    public func union(_ other: VectorFilter) -> VectorFilter {
        combined(other, slots.union(other.slots))
    }

    /// The rows that pass this one and not the other.
    ///
    /// - Precondition: both were made from the same state of one index.
    public func subtracting(_ other: VectorFilter) -> VectorFilter {
        combined(other, slots.subtracting(other.slots))
    }

    private func combined(_ other: VectorFilter, _ slots: SlotSet) -> VectorFilter {
        precondition(revision === other.revision, "filters of different states")
        return VectorFilter(slots: slots, revision: revision)
    }
}

/// One state of an index: every change makes a new one.
final class IndexRevision: Sendable {}

extension KeyedVectorIndex {
    /// The rows with these keys; a key that is not there is passed over.
    ///
    /// - Complexity: O(keys).
    public func filter(keys: some Sequence<Key>) -> VectorFilter {
        var slots = SlotSet()
        for key in keys {
            if let slot = self.keys.slot(of: key) { slots.set(slot, true) }
        }
        return VectorFilter(slots: slots, revision: revision)
    }

    /// The rows whose key satisfies `predicate`.
    ///
    /// - Complexity: O(count).
    public func filter(where predicate: (Key) throws -> Bool) rethrows -> VectorFilter {
        var slots = SlotSet()
        for slot in 0..<keys.slotCount where live.contains(slot) {
            if try predicate(keys[slot]) { slots.set(slot, true) }
        }
        return VectorFilter(slots: slots, revision: revision)
    }
}
