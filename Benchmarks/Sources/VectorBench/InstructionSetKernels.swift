import CKernels
import Kernels

/// One instruction set's kernels with a query for them.
///
/// Imports the C kernels themselves, because the façade offers searches and not their parts.
struct InstructionSetKernels {
    let name: String
    private let table: ck_code_kernels
    private let dimension: Int
    private let query: [Int8]
    private let values: [Float]
    private let signs: [UInt32]

    private static let names = [0: "scalar", 1: "avx2", 2: "avx512", 3: "neon"]
    private static let batchSize = 32
    private static let tile = 512

    static var available: [Int32] { (0..<4).filter { ck_code_kernels_for($0) != nil } }

    init(_ number: Int32, dimension: Int) {
        guard let table = ck_code_kernels_for(number) else { fatalError("no such kernels") }
        self.table = table.pointee
        self.dimension = dimension
        name = InstructionSetKernels.names[Int(number)] ?? "\(number)"
        var random = SplitMix(state: 3)
        query = (0..<dimension).map { _ in Int8.random(in: -127...127, using: &random) }
        values = (0..<dimension).map { _ in Float.random(in: -1...1, using: &random) }
        signs = (0..<dimension * Int(CK_ROTATION_ROUNDS)).map { _ in
            Bool.random(using: &random) ? 0x8000_0000 : 0
        }
    }

    private func withQuery(_ body: (ck_code_query) -> Void) {
        query.withUnsafeBufferPointer { query in
            guard let base = query.baseAddress else { return }
            body(
                ck_code_query(
                    low: base, high: base + dimension / 2, offset: 0, unit: 1, residual: 1, norm: 1,
                    square: 0, constant: 0))
        }
    }

    /// The gate over rows from the first on; none passes.
    func gate(_ memory: CodedMemory, _ rowCount: Int) {
        withQuery { query in
            var query = query
            var found = [UInt32](repeating: 0, count: 2048)
            var bounds = [Float](repeating: 0, count: 2048)
            for start in stride(from: 0, to: rowCount, by: 2048) {
                use(
                    table.gate_u4(
                        &query, dimension / 2, memory.codes + start * dimension / 2,
                        memory.headers + start, min(2048, rowCount - start), .infinity, &found,
                        &bounds))
            }
        }
    }

    /// The gate of 32 queries, in tiles; 10^9 products and sums a second.
    func batch(_ memory: CodedMemory, _ rowCount: Int) -> Double {
        let size = InstructionSetKernels.batchSize
        var time = 0.0
        withQuery { query in
            let queries = [ck_code_query](repeating: query, count: size)
            let limits = [Float](repeating: .infinity, count: size)
            var found = [UInt32](repeating: 0, count: size * InstructionSetKernels.tile)
            var bounds = [Float](repeating: 0, count: size * InstructionSetKernels.tile)
            var counts = [Int](repeating: 0, count: size)
            time = nanosecondsOnce {
                for start in stride(from: 0, to: rowCount, by: InstructionSetKernels.tile) {
                    table.gate_batch_u4(
                        queries, size, dimension / 2, memory.codes + start * dimension / 2,
                        memory.headers + start, min(InstructionSetKernels.tile, rowCount - start),
                        limits, &found, &bounds, &counts)
                }
            }
        }
        return Double(rowCount * dimension * size) / time
    }

    /// The f32 score of rows, nanoseconds a row.
    func score(_ rows: [Int], _ memory: CodedMemory) -> Double {
        let pointers = rows.map { UnsafePointer<Float>?(memory.floats + $0 * dimension) }
        var scores = [Float](repeating: 0, count: rows.count)
        let repeats = max(1, 20_000 / rows.count)
        let time = nanoseconds {
            for _ in 0..<repeats {
                table.dots_rows_f32(values, pointers, dimension, rows.count, &scores)
            }
        }
        return time / Double(rows.count * repeats)
    }

    func rotation() -> Double {
        var rotated = values
        return nanoseconds {
            for _ in 0..<10_000 { table.rotate_f32(signs, dimension, &rotated) }
        } / 10_000
    }

    func encoding(_ memory: CodedMemory) -> Double {
        var codes = [UInt8](repeating: 0, count: dimension / 2)
        var header = ck_code_header()
        let rows = min(1000, memory.floatRowCount)
        return nanoseconds {
            for row in 0..<rows {
                table.encode_u4(memory.floats + row * dimension, dimension, &codes, &header)
            }
        } / Double(rows)
    }
}
