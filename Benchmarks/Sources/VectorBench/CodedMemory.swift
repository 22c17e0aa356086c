import CKernels
import Glibc

/// Rows of random codes with their headers, and random f32 rows, on huge pages: what kernels read.
///
/// Its values are nobody's vectors; a kernel's time does not depend on them as long as no row passes.
final class CodedMemory {
    let dimension: Int
    let codeBytes: Int
    let codes: UnsafeMutablePointer<UInt8>
    let headers: UnsafeMutablePointer<ck_code_header>
    let floats: UnsafeMutablePointer<Float>
    private let memory: [PlainMemory]

    var floatRowCount: Int { codeBytes / (dimension * 4) }

    init(dimension: Int, codeBytes: Int) {
        self.dimension = dimension
        self.codeBytes = codeBytes
        let rows = codeBytes / (dimension / 2)
        memory = [codeBytes, rows * MemoryLayout<ck_code_header>.stride, codeBytes]
            .map(PlainMemory.init)
        codes = memory[0].start.assumingMemoryBound(to: UInt8.self)
        headers = memory[1].start.assumingMemoryBound(to: ck_code_header.self)
        floats = memory[2].start.assumingMemoryBound(to: Float.self)
        var random = SplitMix(state: 1)
        let words = UnsafeMutableRawPointer(codes).assumingMemoryBound(to: UInt64.self)
        for index in 0..<codeBytes / 8 { words[index] = random.next() }
        for row in 0..<rows {
            headers[row] = ck_code_header(scale: 0.02, residual: 0.1, norm: 1, square: 1)
        }
        for index in 0..<codeBytes / 4 {
            floats[index] = Float(random.next() >> 40) * 0x1p-23 - 1
        }
    }

}

/// Memory on huge pages, as an index has its codes.
final class PlainMemory {
    let byteCount: Int
    let start: UnsafeMutableRawPointer

    var words: UnsafePointer<UInt64> {
        UnsafeRawPointer(start).assumingMemoryBound(to: UInt64.self)
    }

    init(byteCount: Int) {
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, 2 << 20, byteCount) == 0, let memory else {
            fatalError("no memory for \(byteCount) bytes")
        }
        _ = madvise(memory, byteCount, MADV_HUGEPAGE)
        // Pages of zeros that nobody wrote would all be the same one.
        memset(memory, 1, byteCount)
        self.byteCount = byteCount
        start = memory
    }

    deinit { free(start) }
}

/// - Source: SplitMix64, Steele, Lea and Flood, OOPSLA 2014.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
