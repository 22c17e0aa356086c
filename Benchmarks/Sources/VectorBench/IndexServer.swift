import CStream
import Foundation
import Kernels
import Vectors

/// One index that is searched on request, so that its rounds can take turns with those of others.
struct IndexServer {
    struct Misuse: Error, CustomStringConvertible {
        let description: String
    }

    var index = VectorIndex(dimension: 1)
    var file: IndexFile<VectorKey>?
    private(set) var queries: [[Float]] = []
    private var filter: VectorFilter?
    /// How rounds search; nil exactly.
    var way: (method: SearchMethod, depth: Int?)?

    /// Answers until there is nothing more to read.
    mutating func run() throws {
        while let line = readLine() {
            try VectorBench.print(
                reply(to: JSONDecoder().decode(Request.self, from: Data(line.utf8))))
        }
    }

    private mutating func reply(to request: Request) throws -> Reply {
        switch request.action {
        case .load: try load(request)
        case .graph: try buildGraph(request)
        case .learn: try learn(request)
        case .widen: widen(request)
        case .save: try save(request)
        case .churn: try churn(request)
        case .memory: try Reply(memory: .now())
        case .open: try open(request)
        case .search: try searchOnce(request)
        case .upsert: try upsert(request)
        case .filter: try setFilter(request)
        case .round: try round(request)
        case .read: read()
        case .verify: try verify(request)
        }
    }

    private mutating func load(_ request: Request) throws -> Reply {
        guard let base = request.base, let queryFile = request.queries else {
            throw Misuse(description: "load wants base and queries")
        }
        let rows = try NumpyArray(path: base).rows()
        let bits = try request.mask.map { try mask($0, over: rows.count) }
        let before = try ProcessMemory.now().privateKilobytes
        let watch = Stopwatch()
        // Codes are made when all rows are there, around the mean of them all.
        let wanted = bits?.count { $0 } ?? rows.count
        var index = VectorIndex(dimension: rows.dimension, codedFrom: max(4096, wanted))
        var first = 0
        for block in rows.blocks(of: 4096) {
            let numbers = (first..<first + block.count).filter { bits?[$0] ?? true }
            first += block.count
            guard numbers.count < block.count else {
                try index.append(block, keys: numbers.map { VectorKey(rawValue: UInt64($0)) })
                continue
            }
            for number in numbers {
                let row = FloatRows(
                    dimension: rows.dimension, values: Array(block[number - first + block.count]))
                try index.append(row, keys: [VectorKey(rawValue: UInt64(number))])
            }
        }
        let seconds = Double(watch.nanoseconds) / 1e9
        let kilobytes = try ProcessMemory.now().privateKilobytes - before
        try take(index, queryFile)
        return Reply(
            rows: index.count, dimension: index.dimension,
            instructionSet: InstructionSet.current.rawValue, buildSeconds: seconds,
            kilobytes: kilobytes)
    }

    /// Searches this index for the rows of a file from now on.
    mutating func take(_ index: VectorIndex, _ queryFile: String) throws {
        let all = try NumpyArray(path: queryFile).rows().all()
        queries = (0..<all.count).map { Array(all[$0]) }
        filter = nil
        self.index = index
    }

    private mutating func setFilter(_ request: Request) throws -> Reply {
        guard let mask = request.mask else {
            filter = nil
            return Reply()
        }
        let bits = try self.mask(mask, over: index.count)
        let made = index.filter { bits[Int($0.rawValue)] }
        filter = made
        return Reply(matching: made.count)
    }

    /// The bits of a file, the lowest of each byte first.
    func mask(_ path: String, over count: Int) throws -> [Bool] {
        let bytes = try Data(contentsOf: URL(filePath: path))
        guard bytes.count >= (count + 7) / 8 else {
            throw Misuse(description: "\(path): too few bits")
        }
        return (0..<count).map { bytes[bytes.startIndex + $0 / 8] >> UInt8($0 % 8) & 1 == 1 }
    }

    private func round(_ request: Request) throws -> Reply {
        let (range, batch) = (try range(request), max(1, request.batch ?? 1))
        let limit = request.limit ?? 10
        // Joined before the clock starts; a caller has its queries in one block too.
        let batches = stride(from: range.lowerBound, to: range.upperBound, by: batch).map { start in
            FloatRows(
                dimension: index.dimension,
                values: Array(queries[start..<min(start + batch, range.upperBound)].joined()))
        }
        var times: [Int] = []
        var ids: [[UInt64]] = []
        var evaluations = 0
        if let way {
            return try graphRound(
                batches, way, limit: limit, filter, wantsIDs: request.answers == true)
        }
        for queries in batches {
            let watch = Stopwatch()
            let found = try index.search(batch: queries, limit: limit, filter: filter)
            times.append(watch.nanoseconds)
            evaluations += found.evaluations
            if request.answers == true {
                ids += found.matches.map { $0.map(\.key.rawValue) }
            }
        }
        return Reply(
            nanoseconds: times, ids: request.answers == true ? ids : nil, evaluations: evaluations)
    }

    private func read() -> Reply {
        let byteCount = index.count * ((index.dimension + 63) / 64 * 32) / 256 * 256
        let memory = PlainMemory(byteCount: max(256, byteCount))
        let time = nanoseconds(runs: 9) { use(cs_sum_u64(memory.words, memory.byteCount / 8)) }
        return Reply(nanoseconds: [Int(time)])
    }

    /// An index without codes scores every row.
    private func verify(_ request: Request) throws -> Reply {
        var plain = VectorIndex(dimension: index.dimension, codedFrom: .max)
        for key in (0..<UInt64(index.count)).map(VectorKey.init) {
            guard let row = try index.row(key) else {
                throw Misuse(description: "row \(key) is missing")
            }
            try plain.append(FloatRows(dimension: index.dimension, values: row), keys: [key])
        }
        let limit = request.limit ?? 10
        let differing = try queries[range(request)].count { query in
            try index.search(query, limit: limit) != plain.search(query, limit: limit)
        }
        return Reply(differing: differing)
    }

    private func range(_ request: Request) throws -> Range<Int> {
        let first = request.first ?? 0
        let count = request.count ?? queries.count - first
        guard first >= 0, count >= 0, first <= queries.count - count else {
            throw Misuse(description: "there are \(queries.count) queries")
        }
        return first..<first + count
    }
}
