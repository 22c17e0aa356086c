import CKernels
import CStream

/// What each instruction set's kernels reach, beside a plain read of the same memory in the same run.
struct KernelReport: Encodable {
    let dimension: Int
    /// By how many bytes of codes are read: near the second cache, within the third, beyond all.
    let scans: [Scan]
    let rows: [RowTimes]

    struct Scan: Encodable {
        let codeBytes: Int
        /// A plain read of the codes, GB/s.
        let readSpeed: Double
        let gates: [Gate]
    }

    struct Gate: Encodable {
        let instructionSet: String
        /// One query: bytes of codes, GB/s; headers, an eighth more at 256 dimensions, are not counted.
        let codeSpeed: Double
        /// How much longer than the plain read of as many bytes.
        let timesRead: Double
        /// 32 queries at once: products and sums, 10^9 a second.
        let batchProducts: Double
    }

    struct RowTimes: Encodable {
        let instructionSet: String
        /// Nanoseconds a row: f32 scores of rows in the cache and of rows anywhere in memory.
        let score: Double
        let scoreFromMemory: Double
        let rotation: Double
        let encoding: Double
    }

    init(dimension: Int) {
        self.dimension = dimension
        let sizes = [1 << 20, 16 << 20, 256 << 20]
        let memory = CodedMemory(dimension: dimension, codeBytes: sizes[2])
        let kernels = InstructionSetKernels.available.map {
            InstructionSetKernels($0, dimension: dimension)
        }
        scans = sizes.map { KernelReport.scan(memory, bytes: $0, kernels) }
        rows = kernels.map { kernels in
            let few = Array(0..<min(512, memory.floatRowCount))
            var random = SplitMix(state: 2)
            let many = (0..<20_000).map { _ in
                Int(random.next(upperBound: UInt64(memory.floatRowCount)))
            }
            return RowTimes(
                instructionSet: kernels.name, score: kernels.score(few, memory),
                scoreFromMemory: kernels.score(many, memory), rotation: kernels.rotation(),
                encoding: kernels.encoding(memory))
        }
    }

    /// Rounds in turn, the least time of each.
    private static func scan(
        _ memory: CodedMemory, bytes: Int, _ kernels: [InstructionSetKernels]
    ) -> Scan {
        let rowCount = bytes / (memory.dimension / 2)
        let words = UnsafeRawPointer(memory.codes).assumingMemoryBound(to: UInt64.self)
        let repeats = max(1, (64 << 20) / bytes)
        var read = Double.infinity
        var gates = [Double](repeating: .infinity, count: kernels.count)
        var batches = gates
        for _ in 0..<5 {
            read = min(
                read,
                nanosecondsOnce {
                    for _ in 0..<repeats { use(cs_sum_u64(words, bytes / 8)) }
                } / Double(repeats))
            for (index, kernels) in kernels.enumerated() {
                gates[index] = min(
                    gates[index],
                    nanosecondsOnce {
                        for _ in 0..<repeats { kernels.gate(memory, rowCount) }
                    } / Double(repeats))
                batches[index] = min(
                    batches[index], kernels.batch(memory, min(rowCount, 65_536)))
            }
        }
        return Scan(
            codeBytes: bytes, readSpeed: Double(bytes) / read,
            gates: zip(kernels, zip(gates, batches)).map { kernels, times in
                Gate(
                    instructionSet: kernels.name, codeSpeed: Double(bytes) / times.0,
                    timesRead: times.0 / read, batchProducts: times.1)
            })
    }
}
