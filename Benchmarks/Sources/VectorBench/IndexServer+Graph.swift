import Foundation
import Kernels
import Vectors

/// Searches through the graph, and an index that changes.
extension IndexServer {
    mutating func buildGraph(_ request: Request) throws -> Reply {
        let before = try ProcessMemory.now().privateKilobytes
        let watch = Stopwatch()
        try index.buildGraph(target: request.target ?? 0.98)
        let seconds = Double(watch.nanoseconds) / 1e9
        let kilobytes = try ProcessMemory.now().privateKilobytes - before
        var reply = learnt()
        (reply.buildSeconds, reply.kilobytes) = (seconds, kilobytes)
        return reply
    }

    mutating func learn(_ request: Request) throws -> Reply {
        let some = request.count.map { count in
            FloatRows(dimension: index.dimension, values: Array(queries.prefix(count).joined()))
        }
        try index.learnDepth(target: request.target ?? 0.98, queries: some, limits: [10])
        try index.measureCosts(queries: some)
        return learnt()
    }

    private func learnt() -> Reply {
        let point = index.learnedDepth?.points.first
        return Reply(
            depth: point?.depth, recall: point?.recall, standardError: point?.standardError)
    }

    mutating func widen(_ request: Request) -> Reply {
        way =
            switch request.breadth {
            case nil: nil
            case .some(-1): (.automatic, nil)
            case .some(0): (.graph, nil)
            case .some(let depth): (.graph, depth)
            }
        return Reply()
    }

    func graphRound(
        _ batches: [FloatRows], _ way: (method: SearchMethod, depth: Int?), limit: Int,
        _ filter: VectorFilter?, wantsIDs: Bool
    ) throws -> Reply {
        var reply = Reply(nanoseconds: [], ids: wantsIDs ? [] : nil, evaluations: 0)
        (reply.graphSearches, reply.fallbacks) = (0, 0)
        for queries in batches {
            let watch = Stopwatch()
            let found = try index.search(
                queries, limit: limit, filter: filter, method: way.method, depth: way.depth)
            reply.nanoseconds?.append(watch.nanoseconds)
            for answer in found {
                reply.evaluations? += answer.evaluations
                reply.graphSearches? += answer.effort == nil ? 0 : 1
                reply.fallbacks? += answer.isFallback ? 1 : 0
                reply.ids?.append(answer.matches.map(\.key.rawValue))
            }
        }
        return reply
    }

    mutating func save(_ request: Request) throws -> Reply {
        guard let folder = request.base else { throw Misuse(description: "save wants base") }
        let saved = try IndexFile(writing: index, to: folder)
        file = saved
        return Reply(fileBytes: saved.byteCount)
    }

    /// Removes and puts in turn, a row at a time, saving every 2,000 changes.
    mutating func churn(_ request: Request) throws -> Reply {
        guard let base = request.base, let name = request.mask, var changed = file else {
            throw Misuse(description: "churn wants base and mask, and an index that was saved")
        }
        let rows = try NumpyArray(path: base).rows().all()
        let wanted = try mask(name, over: rows.count).indices(where: { $0 })
        let keep = Set(wanted.ranges.joined())
        let present = Set(index.allKeys.map { Int($0.rawValue) })
        var random = SplitMix(state: 5)
        let leaving = present.subtracting(keep).sorted().shuffled(using: &random)
        let coming = keep.subtracting(present).sorted().shuffled(using: &random)
        var reply = Reply(removals: [], insertions: [])
        for turn in 0..<max(leaving.count, coming.count) {
            if turn < leaving.count {
                let watch = Stopwatch()
                index.remove(keys: [VectorKey(rawValue: UInt64(leaving[turn]))])
                reply.removals?.append(watch.nanoseconds)
            }
            if turn < coming.count {
                let row = FloatRows(dimension: rows.dimension, values: Array(rows[coming[turn]]))
                let watch = Stopwatch()
                try index.append(row, keys: [VectorKey(rawValue: UInt64(coming[turn]))])
                reply.insertions?.append(watch.nanoseconds)
            }
            if turn % 1000 == 999 {
                try changed.save(index, note: changed.note)
                index = changed.index
            }
        }
        try changed.save(index, note: changed.note)
        reply.fileBytes = changed.byteCount
        try changed.save(changed.index, note: changed.note, isTidying: true)
        reply.tidyFileBytes = changed.byteCount
        (file, index) = (changed, changed.index)
        return reply
    }
}
