internal import Documents
internal import Store

/// What was gathered for a goal, before a budget decides.
struct ContextMaterial: Sendable {
    /// A page that is told in one piece: its passages in the order of the file.
    struct Procedure: Sendable {
        let passages: [Context.Passage]
        /// The place of the passage that was found best.
        let best: Int
    }

    let goal: String
    /// The most telling first.
    var facts: [Fact] = []
    /// How many of the facts, from the first, tell something of the goal.
    var relatedFactCount = 0
    /// The latest last.
    var events: [TimelineEvent] = []
    /// The best first.
    var procedures: [Procedure] = []
    /// Other passages, the best first.
    var passages: [Context.Passage] = []
    /// What was left out already.
    var omitted: [Context.Omission] = []
    /// What fell short so far.
    var degraded: [String] = []
    var generation = 0
}

/// The arrow hit → context: chooses what fits a budget.
struct ContextPacker: Sendable {
    /// The most tokens of the result, counted over what is rendered of facts, events and passages.
    let budget: Int

    /// The part of the budget that facts may take.
    private static let factShare = 4
    /// The part of what is left that a single event may take.
    private static let eventShare = 20
    /// Passages of one page that are taken before other pages have their turn.
    private static let passagesOfPage = 3

    /// Packs facts, then the latest events, then procedures, then other passages.
    ///
    /// Pure. Of a procedure a run of passages without a gap is taken, so that steps read on. Other
    /// passages are taken in their order: at most three of a page, and more where room is left at
    /// the end; one that says what another one said is not taken.
    ///
    /// - Parameter material: what was gathered.
    /// - Returns: what fits, with what does not and why.
    func pack(_ material: ContextMaterial) -> Context {
        var left = budget
        var omitted = material.omitted
        let facts = facts(material.facts, &left, &omitted)
        let events = events(material.events, &left, &omitted)
        var kept = material.procedures.flatMap { run(of: $0, &left, &omitted) }
        diversify(material.passages, &kept, &left, &omitted)
        return Context(
            goal: material.goal, budget: budget, tokens: budget - left, facts: facts,
            relatedFactCount: min(material.relatedFactCount, facts.count),
            passages: byDocument(kept), events: events, omitted: omitted,
            degraded: material.degraded, generation: material.generation)
    }

    private func facts(
        _ facts: [Fact], _ left: inout Int, _ omitted: inout [Context.Omission]
    ) -> [Fact] {
        facts.filter { fact in
            let tokens = TokenEstimate.tokens(in: Context.rendered(fact))
            guard budget - left + tokens <= budget / Self.factShare else {
                omitted.append(
                    Context.Omission(
                        item: "fact \(fact.key)", reason: "over the facts' quarter of the budget",
                        tokens: tokens))
                return false
            }
            left -= tokens
            return true
        }
    }

    /// The latest events, as long as there is room for them.
    private func events(
        _ events: [TimelineEvent], _ left: inout Int, _ omitted: inout [Context.Omission]
    ) -> [TimelineEvent] {
        var kept: [TimelineEvent] = []
        for (index, event) in events.reversed().enumerated() {
            let tokens = TokenEstimate.tokens(in: Context.rendered(event))
            if kept.count == index, tokens <= left / Self.eventShare {
                left -= tokens
                kept.append(event)
            } else {
                let reason =
                    kept.count == index
                    ? "over an event's share of the budget" : "before an event that was left out"
                omitted.append(
                    Context.Omission(
                        item: "event \(event.timestamp)", reason: reason, tokens: tokens))
            }
        }
        return kept.reversed()
    }

    /// The longest run around a procedure's best passage that fits, forward first.
    private func run(
        of procedure: ContextMaterial.Procedure, _ left: inout Int,
        _ omitted: inout [Context.Omission]
    ) -> [Context.Passage] {
        let tokens = procedure.passages.map(\.tokens)
        let indices = tokens.indices
        var run = procedure.best..<procedure.best
        let nearest = Array(indices[procedure.best...]) + indices[..<procedure.best].reversed()
        if let start = nearest.first(where: { tokens[$0] <= left }) {
            run = start..<(start + 1)
            left -= tokens[start]
            while run.upperBound < indices.upperBound, tokens[run.upperBound] <= left {
                left -= tokens[run.upperBound]
                run = run.lowerBound..<(run.upperBound + 1)
            }
            while run.lowerBound > 0, tokens[run.lowerBound - 1] <= left {
                left -= tokens[run.lowerBound - 1]
                run = (run.lowerBound - 1)..<run.upperBound
            }
        }
        for index in indices where !run.contains(index) {
            omitted.append(omission(of: procedure.passages[index], "over the budget"))
        }
        return Array(procedure.passages[run])
    }

    /// Takes passages of many pages before many of one.
    private func diversify(
        _ passages: [Context.Passage], _ kept: inout [Context.Passage], _ left: inout Int,
        _ omitted: inout [Context.Omission]
    ) {
        var prints = kept.map { (TextPrint($0.text), $0.citation) }
        var counts: [String: Int] = [:]
        func take(_ passage: Context.Passage, otherwise reason: String) {
            if let print = TextPrint(passage.text),
                let twin = prints.first(where: { $0.0.map(print.isNearly) ?? false })
            {
                omitted.append(omission(of: passage, "says the same as \(twin.1)"))
            } else if passage.tokens > left {
                omitted.append(omission(of: passage, reason))
            } else {
                left -= passage.tokens
                kept.append(passage)
                counts[passage.citation.path, default: 0] += 1
                prints.append((TextPrint(passage.text), passage.citation))
            }
        }
        var more: [Context.Passage] = []
        for passage in passages {
            if counts[passage.citation.path, default: 0] < Self.passagesOfPage {
                take(passage, otherwise: "over the budget")
            } else {
                more.append(passage)
            }
        }
        for passage in more {
            take(passage, otherwise: "over three passages of one page, and over the budget")
        }
    }

    private func omission(of passage: Context.Passage, _ reason: String) -> Context.Omission {
        Context.Omission(
            item: passage.citation.description, reason: reason, tokens: passage.tokens)
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
