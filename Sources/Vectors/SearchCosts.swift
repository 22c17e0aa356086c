/// What the parts of a search cost on this machine, in nanoseconds.
public struct SearchCosts: Sendable, Equatable {
    /// One row scored in f32, rows in order.
    public var floatRow: Double
    /// One row's codes in order.
    public var codedRow: Double
    /// One row's codes where a filter lists rows.
    public var listedRow: Double
    /// One row's codes for one query of a batch.
    public var batchedRow: Double
    /// One row looked at on the way through the graph, all else included.
    public var estimate: Double
    /// What every search costs, whatever it does.
    public var query: Double

    /// What a processor of 2024 measured at 256 dimensions, scaled; good enough to begin with.
    public init(dimension: Int) {
        let scale = Double(dimension) / 256
        floatRow = 30 * scale
        codedRow = 3.5 * scale
        listedRow = 8 * scale
        batchedRow = 2.5 * scale
        estimate = 20 * scale
        query = 4000
    }
}

/// How to search, as the caller wants it.
public enum SearchMethod: Sendable, CaseIterable {
    /// As the costs advise.
    case automatic
    /// Exactly.
    case exact
    /// Through the graph, where there is one; exactly where that found too few.
    case graph
}

/// How one search goes, and why.
public struct SearchPlan: Sendable, Equatable {
    /// What is looked at.
    public enum Method: Sendable, Equatable {
        /// Every row that passes, in f32.
        case floats
        /// The codes of every row that passes; exact.
        case codes
        /// The graph, following so many rows and looking at so many at most.
        case graph(depth: Int, estimates: Int)
    }

    /// What a plan depends on.
    public struct Situation: Sendable, Equatable {
        /// The slots of the index, in use or not.
        public var slots: Int
        /// The rows that pass the filter.
        public var matches: Int
        /// Whether there are codes.
        public var isCoded: Bool
        /// How many queries come together.
        public var batch: Int
        /// What reaches the stated recall without a filter: the depth, and the rows it looks at;
        /// nil where there is no graph, or none that reaches it.
        public var reach: Reach?

        /// A situation.
        public init(slots: Int, matches: Int, isCoded: Bool, batch: Int, reach: Reach?) {
            self.slots = slots
            self.matches = matches
            self.isCoded = isCoded
            self.batch = batch
            self.reach = reach
        }
    }

    /// How far a search through the graph goes.
    public struct Reach: Sendable, Equatable {
        /// How many of the best rows are followed.
        public var depth: Int
        /// How many rows that looks at, on average.
        public var estimates: Double

        /// A reach.
        public init(depth: Int, estimates: Double) {
            self.depth = depth
            self.estimates = estimates
        }
    }

    /// What is done.
    public let method: Method
    /// What an exact search should take, in nanoseconds a query.
    public let exactCost: Double
    /// What the graph should take; nil where it is out of the question.
    public let graphCost: Double?

    /// The graph is taken where it should be twice as fast: it may miss rows, and a wrong guess costs
    /// both searches.
    private static let margin = 0.5

    /// Makes a plan.
    ///
    /// Through a filter that one row in n passes, a search follows n times as many rows to return
    /// as many.
    ///
    /// - Complexity: O(1).
    public init(_ situation: Situation, costs: SearchCosts, wanted: SearchMethod) {
        let isSparse = situation.matches * 8 < situation.slots * 7
        let row =
            !situation.isCoded
            ? costs.floatRow
            : isSparse
                ? costs.listedRow : situation.batch > 1 ? costs.batchedRow : costs.codedRow
        let exact =
            costs.query + row * Double(isSparse ? situation.matches : situation.slots)
        exactCost = exact
        let scan = situation.isCoded ? Method.codes : .floats
        guard let reach = situation.reach, situation.matches > 0 else {
            (method, graphCost) = (scan, nil)
            return
        }
        let stretch = Double(situation.slots) / Double(situation.matches)
        let estimates = reach.estimates * stretch
        let cost = costs.query + costs.estimate * estimates
        graphCost = cost
        let depth = Int((Double(reach.depth) * min(stretch, 1e6)).rounded(.up))
        let isTaken: Bool
        switch wanted {
        case .exact: isTaken = false
        case .graph: isTaken = true
        case .automatic:
            isTaken =
                cost < SearchPlan.margin * exact && estimates < Double(situation.matches)
        }
        method =
            isTaken
            ? .graph(
                depth: min(depth, situation.slots),
                estimates: wanted == .graph ? .max : situation.matches)
            : scan
    }
}
