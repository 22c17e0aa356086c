/// What vectors.py asks for, one JSON object a line.
struct Request: Decodable {
    enum Action: String, Decodable {
        /// Makes an index of the rows of `base`, those that `mask` names where it is given; queries
        /// come from `queries`.
        case load
        /// Builds a graph for the recall `target`, learnt from the rows themselves.
        case graph
        /// Learns the depth for the recall `target` anew, from the first `count` queries or, without
        /// it, from the rows themselves; and measures costs.
        case learn
        /// Follows `breadth` rows through the graph in later rounds; 0 as was learnt; -1 by the plan
        /// that costs least; without it they are exact.
        case widen
        /// Writes the index into the folder `base`.
        case save
        /// Removes rows and puts others until just those that `mask` names are there.
        case churn
        /// The memory of the process, and the pages of files that it touched.
        case memory
        /// Opens the index in the folder `base`.
        case open
        /// Searches one query, the one numbered `first`.
        case search
        /// Puts that query in place of the row under `key` and saves.
        case upsert
        /// Reads the bitmap `mask`, the lowest bit first, as the filter of later rounds; none without.
        case filter
        /// Searches `count` queries from `first` on, `batch` at a time.
        case round
        /// Reads as many bytes as the codes take, and does nothing else.
        case read
        /// Holds every answer against a scan of all rows in f32, to the last bit.
        case verify
    }

    let action: Action
    var base: String?
    var queries: String?
    var mask: String?
    var first: Int?
    var count: Int?
    var batch: Int?
    var limit: Int?
    var breadth: Int?
    var target: Double?
    var key: UInt64?
    /// Whether the reply carries ids.
    var answers: Bool?

    enum CodingKeys: String, CodingKey {
        case action = "do"
        case base, queries, mask, first, count, batch, limit, breadth, target, key, answers
    }
}

/// What it gets, one JSON object a line.
struct Reply: Encodable {
    var rows: Int?
    var dimension: Int?
    var instructionSet: String?
    var buildSeconds: Double?
    /// Private memory that the index took, as the system counts it.
    var kilobytes: Int?
    /// The time of each call.
    var nanoseconds: [Int]?
    var ids: [[UInt64]]?
    /// How many rows were scored in f32, for all queries together.
    var evaluations: Int?
    var matching: Int?
    /// Queries whose answer differs.
    var differing: Int?
    var seconds: Double?
    var fileBytes: Int?
    var writtenBytes: Int?
    var memory: ProcessMemory?
    /// What was learnt: the depth, the recall, its standard error.
    var depth: Int?
    var recall: Double?
    var standardError: Double?
    /// Queries that went through the graph, and those that were answered exactly after it.
    var graphSearches: Int?
    var fallbacks: Int?
    /// The time of each removal and of each row put.
    var removals: [Int]?
    var insertions: [Int]?
    var tidyFileBytes: Int?

    enum CodingKeys: String, CodingKey {
        case rows, dimension, kilobytes, nanoseconds, ids, evaluations, matching, differing, seconds
        case memory, depth, recall, fallbacks, removals, insertions
        case standardError = "standard_error"
        case graphSearches = "graph_searches"
        case tidyFileBytes = "tidy_file_bytes"
        case fileBytes = "file_bytes"
        case writtenBytes = "written_bytes"
        case instructionSet = "instruction_set"
        case buildSeconds = "build_seconds"
    }
}
