internal import Glibc
internal import Synchronization

/// Memory of one allocation, or a part of a mapped file, shared between values until one of them
/// writes to it.
///
/// Its first writer fills it; nothing reads a row that was not written. A part of a file is only read,
/// and only once its checksum was found right.
final class Slab: Sendable {
    let byteCount: Int

    // An integer, because the owner of the only reference is the only one who writes.
    private let address: UInt
    /// Nil for memory of its own.
    private let file: MappedFile?
    private let checksum: UInt32
    // What is known of a part of a file. Two threads may find it out at once; they find the same.
    private let state: Atomic<UInt8>

    private static let hugePage = 2 << 20
    private static let unread: UInt8 = 0
    private static let intact: UInt8 = 1
    private static let damaged: UInt8 = 2

    /// Zeroed memory.
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
        memset(memory, 0, byteCount)
        self.byteCount = byteCount
        address = UInt(bitPattern: memory)
        file = nil
        checksum = 0
        state = Atomic(Slab.intact)
    }

    /// A part of a file.
    ///
    /// - Precondition: it lies within the file.
    init(_ file: MappedFile, byteOffset: Int, byteCount: Int, checksum: UInt32) {
        precondition(
            byteOffset >= 0 && byteCount >= 0 && byteCount <= file.byteCount - byteOffset,
            "outside the file")
        self.byteCount = byteCount
        address = UInt(bitPattern: file.raw.baseAddress) + UInt(byteOffset)
        self.file = file
        self.checksum = checksum
        state = Atomic(Slab.unread)
    }

    deinit {
        if file == nil { free(UnsafeMutableRawPointer(bitPattern: address)) }
    }

    /// Where it begins; holds while the slab lives.
    var base: UnsafeMutableRawPointer {
        guard let base = UnsafeMutableRawPointer(bitPattern: address) else {
            preconditionFailure("an allocation has an address")
        }
        return base
    }

    /// Whether it may be written in place by its only owner.
    var isWritable: Bool { file == nil }

    /// Whether its bytes are what was written: looked at once, at the first touch.
    var isIntact: Bool {
        let known = state.load(ordering: .relaxed)
        return known == Slab.unread ? verify() : known == Slab.intact
    }

    private func verify() -> Bool {
        let isIntact =
            file?.hasShrunk != true && Checksum.crc32c(base, byteCount) == checksum
        state.store(isIntact ? Slab.intact : Slab.damaged, ordering: .relaxed)
        return isIntact
    }

    func copy() -> Slab {
        let copy = Slab(byteCount: byteCount)
        copy.base.copyMemory(from: base, byteCount: byteCount)
        return copy
    }
}
