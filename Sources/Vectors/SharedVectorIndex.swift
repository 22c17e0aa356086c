internal import Synchronization

/// An index that many read while one writes.
///
/// A reader takes a snapshot and searches it as long as it likes; a writer's change is seen by later
/// snapshots whole, or not at all where it threw.
public final class SharedVectorIndex<Key: IndexKey>: Sendable {
    private let index: Mutex<KeyedVectorIndex<Key>>

    /// Shares an index.
    public init(_ index: KeyedVectorIndex<Key>) {
        self.index = Mutex(index)
    }

    /// The index as it is now.
    public func snapshot() -> KeyedVectorIndex<Key> {
        index.withLock { $0 }
    }

    /// Changes the index; other writers and new snapshots wait.
    ///
    /// - Throws: what `body` throws. Each change that throws changed nothing; those that `body` made
    ///   before it stay.
    public func update<Result: Sendable>(
        _ body: (inout KeyedVectorIndex<Key>) throws -> Result
    ) rethrows -> Result {
        try index.withLock { try body(&$0) }
    }
}
