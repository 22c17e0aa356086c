/// How deep searches through a graph go to reach a stated recall, as measured against exact answers.
public struct LearnedDepth: Sendable, Equatable {
    /// What was measured for one number of rows wanted.
    public struct Point: Sendable, Equatable {
        /// How many rows each query wanted.
        public let limit: Int
        /// How many rows were followed.
        public let depth: Int
        /// The mean share of the exact answers that were found.
        public let recall: Double
        /// The standard error of that mean.
        public let standardError: Double
        /// How many rows were looked at, on average.
        public let estimates: Double
    }

    /// The recall that was asked for.
    public let target: Double
    /// One point for each number of rows wanted, rising.
    public let points: [Point]
    /// How many queries were held against exact answers.
    public let queryCount: Int
    /// Whether those were queries; else rows of the index that have no others close by, tried on a
    /// graph without them.
    public let isFromQueries: Bool
    /// How many rows there were.
    public let rowCount: Int

    /// Whether every point reaches the target.
    public var meetsTarget: Bool { !points.isEmpty && points.allSatisfy { $0.recall >= target } }

    /// How far a search for `limit` rows goes; nil where the target was not reached.
    ///
    /// Between the points it is a straight line, beyond the last it grows with the limit.
    public func reach(limit: Int) -> SearchPlan.Reach? {
        guard meetsTarget, let first = points.first, let last = points.last else { return nil }
        let low = points.last { $0.limit <= limit } ?? first
        let high = points.first { $0.limit >= limit } ?? last
        let depth: Double
        if limit > last.limit {
            depth = Double(last.depth) * Double(limit) / Double(last.limit)
        } else if low.limit < high.limit {
            let share = Double(limit - low.limit) / Double(high.limit - low.limit)
            depth = Double(low.depth) + share * Double(high.depth - low.depth)
        } else {
            depth = Double(high.depth)
        }
        let rounded = max(1, Int(depth.rounded(.up)))
        return SearchPlan.Reach(
            depth: rounded,
            estimates: high.estimates * Double(rounded) / Double(max(1, high.depth)))
    }

    /// Whether what was learnt no longer tells about the rows at hand.
    ///
    /// - Parameters:
    ///   - rowCount: how many rows there are now.
    ///   - changes: how many were put or removed since.
    /// - Returns: true where a tenth of the rows changed, or there are a tenth more or fewer.
    public func isStale(rowCount: Int, changes: Int) -> Bool {
        changes * 10 > self.rowCount || (rowCount - self.rowCount).magnitude * 10 > self.rowCount
    }

    /// The depths that are tried, rising by an eighth.
    static func ladder(from least: Int, to greatest: Int) -> [Int] {
        var depths: [Int] = []
        var depth = max(1, least)
        while depth < greatest {
            depths.append(depth)
            depth = max(depth + 1, depth * 9 / 8)
        }
        return depths + [max(1, greatest)]
    }

    /// The least depth that surely reaches the target, or the greatest there is.
    ///
    /// The recall is taken to rise with the depth, so few depths are measured. Surely is with a
    /// probability of 95 %, were the queries to come the same kind as those measured.
    static func leastPoint(
        _ ladder: [Int], target: Double, measure: (Int) -> Point
    ) -> Point {
        // Great depths are costly, so the way leads up to the first one that is enough.
        var (low, high) = (0, min(4, ladder.count - 1))
        var best = measure(ladder[high])
        while best.recall - 1.645 * best.standardError < target, high < ladder.count - 1 {
            low = high + 1
            high = min(2 * high, ladder.count - 1)
            best = measure(ladder[high])
        }
        while low < high {
            let middle = (low + high) / 2
            let point = measure(ladder[middle])
            if point.recall - 1.645 * point.standardError >= target {
                best = point
                high = middle
            } else {
                low = middle + 1
            }
        }
        return best
    }
}
