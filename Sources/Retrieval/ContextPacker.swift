internal import Documents
internal import Store

/// The arrow hit → context: chooses what fits a budget.
struct ContextPacker: Sendable {
    /// The most tokens of the result.
    let budget: Int

    /// The part of the budget that facts may take.
    private static let factShare = 4
    /// The part of what is left that a single event may take.
    private static let eventShare = 20

    /// Packs facts, then the latest events, then passages.
    ///
    /// Passages are taken in their order while they fit; those of one document stay together, in
    /// the order of the file, so that the steps of a runbook read on. Pure.
    ///
    /// - Parameters:
    ///   - goal: what is to be reached.
    ///   - facts: the most telling first.
    ///   - relatedFactCount: how many of them, from the first, tell something of the goal.
    ///   - events: the latest last.
    ///   - passages: the best first.
    ///   - degraded: what fell short so far.
    ///   - generation: the memory's generation.
    /// - Returns: what fits, with what does not.
    func pack(
        goal: String, facts: [Fact], relatedFactCount: Int, events: [TimelineEvent],
        passages: [Context.Passage], degraded: [String], generation: Int
    ) -> Context {
        var left = budget
        var omitted: [Context.Omission] = []
        let keptFacts = facts.filter { fact in
            let tokens = TokenEstimate.tokens(in: "\(fact.key) = \(fact.value)")
            let isRoomLeft = budget - left + tokens <= budget / Self.factShare
            if isRoomLeft {
                left -= tokens
            } else {
                omitted.append(
                    Context.Omission(
                        item: "fact \(fact.key)", reason: "over the facts' quarter of the budget",
                        tokens: tokens))
            }
            return isRoomLeft
        }
        // The latest events first, as long as there is room for them.
        let keptEvents = events.reversed().prefix { event in
            let tokens = TokenEstimate.tokens(in: event.text)
            let isRoomLeft = tokens <= left / Self.eventShare
            if isRoomLeft { left -= tokens }
            return isRoomLeft
        }
        var kept: [Context.Passage] = []
        for passage in passages {
            if passage.tokens <= left {
                left -= passage.tokens
                kept.append(passage)
            } else {
                omitted.append(
                    Context.Omission(
                        item: passage.citation.description, reason: "over the budget",
                        tokens: passage.tokens))
            }
        }
        return Context(
            goal: goal, budget: budget, tokens: budget - left, facts: keptFacts,
            relatedFactCount: min(relatedFactCount, keptFacts.count), passages: byDocument(kept),
            events: keptEvents.reversed(), omitted: omitted, degraded: degraded,
            generation: generation)
    }

    private func byDocument(_ passages: [Context.Passage]) -> [Context.Passage] {
        var places: [String: Int] = [:]
        for passage in passages where places[passage.citation.path] == nil {
            places[passage.citation.path] = places.count
        }
        return passages.enumerated().sorted { left, right in
            let (a, b) = (left.element.citation, right.element.citation)
            if a.path != b.path { return places[a.path, default: 0] < places[b.path, default: 0] }
            return (a.startLine, left.offset) < (b.startLine, right.offset)
        }.map(\.element)
    }
}
