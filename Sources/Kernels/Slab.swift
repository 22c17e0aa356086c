internal import Glibc
internal import Synchronization

/// Where the bytes of a slab stand in a file, and what they were when they were written.
struct SlabSource: Sendable {
    let file: MappedFile
    let byteOffset: Int
    let checksum: UInt32
}

/// Memory of one allocation, or a part of a file, shared between values until one of them writes to
/// it.
///
/// Its first writer fills it; nothing reads a row that was not written. A part of a file is only read,
/// and only once its checksum was found right. It is read in place where it is mapped, else into
/// memory, when it is first asked for.
final class Slab: Sendable {
    let byteCount: Int
    /// Where it begins; an integer, because the owner of the only reference is the only one who writes.
    let address: UInt

    private enum Home {
        case allocation
        case pool(SlabPool)
        case mapping
    }

    private let home: Home
    private let source: SlabSource?
    // What is known of a part of a file.
    private let state: Atomic<UInt8>
    // Held by the thread that finds it out.
    private let reading = Mutex<Void>(())

    private static let unread: UInt8 = 0
    private static let intact: UInt8 = 1
    private static let damaged: UInt8 = 2

    /// Zeroed memory of its own.
    init(byteCount: Int) {
        var memory: UnsafeMutableRawPointer?
        let status = posix_memalign(&memory, 64, max(64, byteCount))
        guard status == 0, let memory else { preconditionFailure("out of memory") }
        memset(memory, 0, byteCount)
        self.byteCount = byteCount
        address = UInt(bitPattern: memory)
        home = .allocation
        source = nil
        state = Atomic(Slab.intact)
    }

    /// Memory of a pool for slabs of this size.
    init(byteCount: Int, from pool: SlabPool, isZeroed: Bool = true) {
        self.byteCount = byteCount
        address = pool.take(isZeroed: isZeroed)
        home = .pool(pool)
        source = nil
        state = Atomic(Slab.intact)
    }

    /// A part of a file, read into memory of a pool, or in place where there is none.
    ///
    /// - Precondition: it lies within the file.
    init(_ source: SlabSource, byteCount: Int, into pool: SlabPool?) {
        precondition(
            source.byteOffset >= 0 && byteCount >= 0
                && byteCount <= source.file.byteCount - source.byteOffset, "outside the file")
        self.byteCount = byteCount
        self.source = source
        if let pool {
            address = pool.take(isZeroed: false)
            home = .pool(pool)
        } else {
            address =
                UInt(bitPattern: source.file.raw.baseAddress) + UInt(source.byteOffset)
            home = .mapping
        }
        state = Atomic(Slab.unread)
    }

    deinit {
        switch home {
        case .allocation: free(UnsafeMutableRawPointer(bitPattern: address))
        case .pool(let pool): pool.giveBack(address)
        case .mapping: break
        }
    }

    /// Where it begins; holds while the slab lives.
    var base: UnsafeMutableRawPointer {
        guard let base = UnsafeMutableRawPointer(bitPattern: address) else {
            preconditionFailure("an allocation has an address")
        }
        return base
    }

    /// Whether it is a part of a mapped file.
    var isMapped: Bool {
        if case .mapping = home { true } else { false }
    }

    /// Whether it may be written in place by its only owner.
    var isWritable: Bool { !isMapped && state.load(ordering: .acquiring) != Slab.unread }

    /// Whether its bytes are what was written: looked at once, at the first touch.
    var isIntact: Bool {
        let known = state.load(ordering: .acquiring)
        return known == Slab.unread ? verify() : known == Slab.intact
    }

    /// Reads some of its bytes from its file, whether they are mapped or not; false where the file has
    /// become too short.
    func read(_ byteCount: Int, at byteOffset: Int, into target: UnsafeMutableRawPointer) -> Bool {
        guard let source else { return false }
        return source.file.read(byteCount, at: source.byteOffset + byteOffset, into: target)
    }

    private func verify() -> Bool {
        reading.withLock { _ in
            let known = state.load(ordering: .acquiring)
            guard known == Slab.unread else { return known == Slab.intact }
            let isIntact: Bool
            if isMapped {
                // Not where it is mapped: a search that needs few rows would touch all pages.
                isIntact = withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 64) {
                    $0.baseAddress.map(isRight) ?? true
                }
            } else {
                isIntact = isRight(base)
            }
            state.store(isIntact ? Slab.intact : Slab.damaged, ordering: .releasing)
            return isIntact
        }
    }

    /// Reads all into `target`, and says whether it is what was written.
    private func isRight(_ target: UnsafeMutableRawPointer) -> Bool {
        read(byteCount, at: 0, into: target)
            && Checksum.crc32c(target, byteCount) == source?.checksum
    }

    /// The same bytes in memory of a pool: damaged for good, where these are.
    func copy(from pool: SlabPool) -> Slab {
        let copy = Slab(byteCount: byteCount, from: pool, isZeroed: false)
        if !fill(copy.base) { copy.state.store(Slab.damaged, ordering: .releasing) }
        return copy
    }

    /// A copy of its bytes; nil where they are not what was written.
    var bytes: [UInt8]? {
        var isRight = false
        let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            isRight = fill(start)
            count = isRight ? byteCount : 0
        }
        return isRight ? bytes : nil
    }

    /// Copies its bytes; false where they are not what was written.
    private func fill(_ target: UnsafeMutableRawPointer) -> Bool {
        let isIntact = isIntact
        if isMapped {
            // Not from where it is mapped: the file may have become shorter since it was looked at.
            return isIntact && read(byteCount, at: 0, into: target)
        }
        target.copyMemory(from: base, byteCount: byteCount)
        return isIntact
    }
}
