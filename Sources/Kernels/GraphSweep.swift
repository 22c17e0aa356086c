/// The slots of removed rows, until no edge leads to them.
///
/// Edges are followed backwards by nobody, so a pass over all rows finds those that lead to removed
/// ones. It goes on a little with every removal; a slot is released when a whole pass has gone by
/// since its row was removed.
public struct GraphSweep: Sendable, Equatable {
    /// The row at which the pass goes on.
    public internal(set) var position = 0
    /// Removed before the pass began.
    public internal(set) var leaving = SlotSet()
    /// Removed since.
    public internal(set) var waiting = SlotSet()

    /// How many slots are not released yet.
    public var count: Int { leaving.count + waiting.count }

    init(waiting: SlotSet = SlotSet()) { self.waiting = waiting }

    func contains(_ slot: Int) -> Bool { leaving.contains(slot) || waiting.contains(slot) }
}
