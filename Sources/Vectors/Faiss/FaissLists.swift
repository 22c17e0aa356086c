public import Kernels

/// The rows of an `IndexIVFFlat` to be, shared among lists.
public struct FaissLists: Sendable {
    /// What the lists stand for, and rows are searched by.
    public let clustering: Clustering
    /// The numbers of each list's rows, rising.
    public private(set) var members: [[Int]]

    private let metric: FaissMetric
    private var count = 0

    /// Rows of a list that are enough to find its place.
    private static let sampleSize = 64

    /// As many lists as the square root of the rows, found from some of these, spread evenly.
    ///
    /// - Parameters:
    ///   - metric: what rows are ranked by.
    ///   - count: the number of rows, at least 1.
    ///   - rows: copies out the rows of some numbers, all finite.
    /// - Complexity: O(rows · dimension · lists), through BLAS.
    public init(metric: FaissMetric, count: Int, rows: ([Int]) -> FloatRows) {
        precondition(count > 0, "no rows")
        let listCount = max(1, Int(Double(count).squareRoot()))
        let sampleCount = min(count, listCount * Self.sampleSize)
        let sample = rows((0..<sampleCount).map { $0 * count / sampleCount })
        clustering = Clustering(
            of: sample, count: listCount, byDistance: metric == .squaredDistance)
        members = [[Int]](repeating: [], count: listCount)
        self.metric = metric
    }

    /// Gives the next rows to their lists.
    public mutating func add(_ rows: FloatRows) {
        for list in clustering.nearest(to: rows) {
            members[list].append(count)
            count += 1
        }
    }

    /// Writes an `IndexIVFFlat` of the rows, list after list.
    ///
    /// - Parameters:
    ///   - ids: an id for every row; none where rows are named by their number.
    ///   - rows: copies out the rows of some numbers.
    ///   - sink: takes the file's bytes, block after block.
    /// - Throws: what `sink` throws.
    /// - Precondition: there are as many ids as rows, or none.
    public func write<Failure: Error>(
        ids: [Int64], rows: ([Int]) -> FloatRows,
        to sink: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(ids.isEmpty || ids.count == count, "an id for every row")
        let centres = clustering.centres
        func layout(_ count: Int) -> FaissLayout {
            FaissLayout(
                identifiers: .rowNumbers, metric: metric, dimension: centres.dimension,
                count: count)
        }
        try sink(FaissFile.header("IwFl", layout(count)) + words(members.count, 1))
        try FaissFile.write(
            layout(members.count), rows: CollectionOfOne(centres), to: sink)
        // No direct map.
        try sink(
            [0] + words(0) + Array("ilar".utf8) + words(members.count, 4 * centres.dimension)
                + sizes)
        for list in members where !list.isEmpty {
            for start in stride(from: 0, to: list.count, by: FaissFile.idsInBlock) {
                let block = list[start...].prefix(FaissFile.idsInBlock)
                try sink(rows(Array(block)).littleEndianBytes)
            }
            try sink(list.map { ids.isEmpty ? Int64($0) : ids[$0] }.littleEndianBytes)
        }
    }

    /// The sizes of the lists, as FAISS writes them.
    private var sizes: [UInt8] {
        let used = members.indices.filter { !members[$0].isEmpty }
        if used.count > members.count / 2 {
            let numbers = members.map { UInt64($0.count) }
            return Array("full".utf8) + words(members.count) + numbers.littleEndianBytes
        }
        let pairs = used.flatMap { [UInt64($0), UInt64(members[$0].count)] }
        return Array("sprs".utf8) + words(pairs.count) + pairs.littleEndianBytes
    }

    private func words(_ numbers: Int...) -> [UInt8] { numbers.map(UInt64.init).littleEndianBytes }
}
