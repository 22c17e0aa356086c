internal import Glibc

/// Memory of one allocation, shared between values until one of them writes to it.
///
/// Its first writer fills it; nothing reads a row that was not written.
final class Slab: Sendable {
    let byteCount: Int

    // An integer, because the owner of the only reference is the only one who writes.
    private let address: UInt

    private static let hugePage = 2 << 20

    init(byteCount: Int) {
        let isHuge = byteCount >= Slab.hugePage / 2
        var memory: UnsafeMutableRawPointer?
        let alignment = isHuge ? Slab.hugePage : 64
        let status = posix_memalign(&memory, alignment, max(64, byteCount))
        guard status == 0, let memory else { preconditionFailure("out of memory") }
        if isHuge {
            // Fewer misses of the address cache; where the system refuses, only speed is lost.
            _ = madvise(memory, byteCount, MADV_HUGEPAGE)
        }
        self.byteCount = byteCount
        address = UInt(bitPattern: memory)
    }

    deinit {
        free(UnsafeMutableRawPointer(bitPattern: address))
    }

    /// Where it begins; holds while the slab lives.
    var base: UnsafeMutableRawPointer {
        guard let base = UnsafeMutableRawPointer(bitPattern: address) else {
            preconditionFailure("an allocation has an address")
        }
        return base
    }

    func copy() -> Slab {
        let copy = Slab(byteCount: byteCount)
        copy.base.copyMemory(from: base, byteCount: byteCount)
        return copy
    }
}
