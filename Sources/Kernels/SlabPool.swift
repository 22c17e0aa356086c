internal import Glibc
internal import Synchronization

/// Memory for slabs of one size: those of a plane and its copies.
///
/// They stand side by side in ever greater blocks, and so on huge pages where the system gives them:
/// what a search reads lies all over a plane, and with small pages most of it would miss the address
/// cache. What one slab gives back is the next one's.
final class SlabPool: Sendable {
    private struct Room {
        var blocks: [PageMemory] = []
        var free: [UInt] = []
        var next: UInt = 0
        var end: UInt = 0
        var byteCount = 0
        /// The least that was free since free slabs' pages were last given back.
        var leastFree = 0
    }

    private static let hugePage = 2 << 20
    private static let greatestBlock = 64 << 20
    /// Slabs of so many bytes give their pages back to the system.
    ///
    /// For lesser ones that would take longer than it is worth, and break huge pages; they do once so
    /// many bytes more of them are free.
    private static let greatSlab = 256 << 10
    private static let greatestSpare = 16 << 20

    /// The most bytes of a file that are read into memory for good: half of what the machine has.
    static var greatestPlane: Int { sysconf(Int32(_SC_PHYS_PAGES)) / 2 * Int(getpagesize()) }

    // Whole cache lines.
    private let stride: Int
    private let room = Mutex(Room())

    /// - Precondition: `slabBytes > 0`.
    init(slabBytes: Int) {
        stride = (slabBytes + 63) / 64 * 64
    }

    /// Makes room for so many slabs; it takes memory once it is touched.
    func reserve(_ count: Int) {
        room.withLock { grow(&$0, by: count * stride) }
    }

    /// Memory for a slab; whatever it held before, where it need not be zeroed.
    func take(isZeroed: Bool) -> UInt {
        let (address, isNew) = room.withLock { room in
            if let address = room.free.popLast() {
                room.leastFree = min(room.leastFree, room.free.count * stride)
                return (address, false)
            }
            if room.end - room.next < UInt(stride) {
                grow(&room, by: max(stride, min(room.byteCount, SlabPool.greatestBlock)))
            }
            defer { room.next += UInt(stride) }
            return (room.next, true)
        }
        if isZeroed, !isNew, let start = UnsafeMutableRawPointer(bitPattern: address) {
            memset(start, 0, stride)
        }
        return address
    }

    /// Takes a slab's memory back.
    func giveBack(_ address: UInt) {
        if stride >= SlabPool.greatSlab, let start = UnsafeMutableRawPointer(bitPattern: address) {
            let page = UInt(getpagesize())
            let (first, end) = (
                (address + page - 1) / page * page, (address + UInt(stride)) / page * page
            )
            _ = madvise(start + Int(first - address), Int(end - first), MADV_DONTNEED)
        }
        room.withLock { room in
            room.free.append(address)
            guard stride < SlabPool.greatSlab,
                room.free.count * stride - room.leastFree >= SlabPool.greatestSpare
            else { return }
            empty(&room.free)
            room.leastFree = room.free.count * stride
        }
    }

    /// Gives back the huge pages that are free from end to end, and lets the lowest slabs be taken
    /// first, so that there will be more of them.
    private func empty(_ free: inout [UInt]) {
        free.sort(by: >)
        let huge = UInt(SlabPool.hugePage)
        var next = free.startIndex
        while next < free.endIndex {
            let end = free[next] + UInt(stride)
            var start = free[next]
            next += 1
            while next < free.endIndex, free[next] + UInt(stride) == start {
                start = free[next]
                next += 1
            }
            let first = (start + huge - 1) / huge * huge
            guard end / huge * huge > first, let page = UnsafeMutableRawPointer(bitPattern: first)
            else { continue }
            _ = madvise(page, Int(end / huge * huge - first), MADV_DONTNEED)
        }
    }

    private func grow(_ room: inout Room, by byteCount: Int) {
        // What was left of the last block serves as well.
        while room.end - room.next >= UInt(stride) {
            room.free.append(room.next)
            room.next += UInt(stride)
        }
        let whole = byteCount / stride * stride
        let isHuge = whole >= SlabPool.hugePage
        let block = PageMemory(byteCount: whole + (isHuge ? SlabPool.hugePage : 0))
        room.blocks.append(block)
        room.byteCount += whole
        let huge = UInt(SlabPool.hugePage)
        room.next = isHuge ? (block.address + huge - 1) / huge * huge : block.address
        room.end = room.next + UInt(whole)
    }
}
