/// What FAISS ranks by.
public enum FaissMetric: Int32, Sendable, CaseIterable {
    /// The inner product; greater is nearer.
    case innerProduct = 0
    /// The squared Euclidean distance; less is nearer.
    case squaredDistance = 1

    /// How FAISS marks a flat index of this metric.
    var code: String { self == .innerProduct ? "IxFI" : "IxF2" }
}

/// How the rows of a FAISS index are named.
public enum FaissIdentifiers: String, Sendable, CaseIterable {
    /// By the index itself: by their number, from 0, or in an `IndexIVFFlat` by the ids in its lists.
    case rowNumbers = ""
    /// By the ids of an `IndexIDMap`.
    case map = "IxMp"
    /// By the ids of an `IndexIDMap2`, which also finds rows by id.
    case map2 = "IxM2"
}

/// How a FAISS index holds its vectors.
public enum FaissStorage: Sendable, Equatable {
    /// One after the other: an `IndexFlatIP` or `IndexFlatL2`.
    case flat
    /// In so many lists: an `IndexIVFFlat`.
    case lists(Int)
    /// As codes: an `IndexScalarQuantizer`.
    case codes(FaissScalarType)
    /// One after the other beside a graph, which is not read: an `IndexHNSWFlat`.
    case graph
}

/// The kind and shape of a FAISS index.
public struct FaissLayout: Sendable, Equatable {
    /// How rows are named.
    public let identifiers: FaissIdentifiers
    /// What rows are ranked by.
    public let metric: FaissMetric
    /// The length of each row.
    public let dimension: Int
    /// The number of rows.
    public let count: Int
    /// How they are held.
    public let storage: FaissStorage

    /// A kind and a shape.
    ///
    /// - Precondition: `1 <= dimension <= VectorFile.dimensionLimit` and `count >= 0`.
    public init(
        identifiers: FaissIdentifiers, metric: FaissMetric, dimension: Int, count: Int,
        storage: FaissStorage = .flat
    ) {
        precondition(
            (1...VectorFile.dimensionLimit).contains(dimension) && count >= 0,
            "no FAISS index's shape")
        self.identifiers = identifiers
        self.metric = metric
        self.dimension = dimension
        self.count = count
        self.storage = storage
    }
}
