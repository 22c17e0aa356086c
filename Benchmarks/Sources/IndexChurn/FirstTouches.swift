import Kernels
import Synchronization
import Vectors

/// First searches of an index that has just been opened, by a thread that finds it looked at already.
struct FirstTouches {
    let folder: String
    let queries: FloatRows

    private static let rounds = 20

    /// Returns how many answers were not those of an index whose file one thread alone has read.
    func run() throws -> Int {
        let expected = try answers(IndexFile<VectorKey>(opening: folder).index)
        var broken = 0
        for _ in 0..<Self.rounds {
            let index = try IndexFile<VectorKey>(opening: folder).index
            // Relaxed, so that these order nothing of what the threads read and write.
            let isLookedAt = Atomic(false)
            let isRight = Atomic(false)
            let threads = Threads()
            threads.start {
                _ = index.isGraphSound
                isLookedAt.store(true, ordering: .relaxed)
            }
            threads.start {
                while !isLookedAt.load(ordering: .relaxed) {}
                // An error is no right answer.
                if case .success(expected) = Result(catching: { try answers(index) }) {
                    isRight.store(true, ordering: .relaxed)
                }
            }
            threads.wait()
            broken += isRight.load(ordering: .relaxed) ? 0 : 1
        }
        return broken
    }

    private func answers(_ index: VectorIndex) throws -> [[VectorMatch<VectorKey>]] {
        try index.search(queries, limit: 10, method: .graph).map(\.matches)
    }
}
