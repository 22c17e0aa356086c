internal import Glibc

/// A run of bytes that is written once, while it is made, and read by any thread from then on; or
/// whose parts have owners of their own.
///
/// Starts at a page, and lies on huge pages where the system gives them: packed weights are read
/// from end to end, again and again.
final class PageMemory: Sendable {
    let byteCount: Int

    // An integer for the same reason as in MappedFile: the pages do not change once they are shared.
    let address: UInt

    /// Zeroed memory.
    ///
    /// - Precondition: the system has that much memory, as for any array.
    init(byteCount: Int) {
        self.byteCount = byteCount
        let mapping = mmap(
            nil, max(byteCount, 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapping, mapping != MAP_FAILED else {
            preconditionFailure("no memory for \(byteCount) bytes")
        }
        // Advice; small pages serve as well.
        _ = madvise(mapping, max(byteCount, 1), MADV_HUGEPAGE)
        address = UInt(bitPattern: mapping)
    }

    deinit { munmap(UnsafeMutableRawPointer(bitPattern: address), max(byteCount, 1)) }

    fileprivate var base: UnsafeMutableRawPointer {
        guard let base = UnsafeMutableRawPointer(bitPattern: address) else {
            preconditionFailure("a mapping has an address")
        }
        return base
    }
}

/// A part of a `PageMemory` that starts at a cache line.
struct PageSlice: Sendable {
    fileprivate let memory: PageMemory
    fileprivate let offset: Int
    let byteCount: Int

    /// For its maker, before the slice is shared.
    func write<Element>(as type: Element.Type, _ body: (UnsafeMutablePointer<Element>) -> Void) {
        withExtendedLifetime(memory) {
            body((memory.base + offset).assumingMemoryBound(to: Element.self))
        }
    }

    func read<Element, Result>(
        as type: Element.Type, _ body: (UnsafePointer<Element>) -> Result
    ) -> Result {
        withExtendedLifetime(memory) {
            body(UnsafePointer((memory.base + offset).assumingMemoryBound(to: Element.self)))
        }
    }
}

/// Hands out slices of large blocks, one after the other.
public struct WeightArena {
    private static let blockSize = 16 << 20
    private var block = PageMemory(byteCount: 0)
    private var used = 0

    /// An arena without a block yet.
    public init() {}

    mutating func take(byteCount: Int) -> PageSlice {
        if block.byteCount - used < byteCount {
            block = PageMemory(byteCount: max(byteCount, Self.blockSize))
            used = 0
        }
        defer { used = (used + byteCount + 63) / 64 * 64 }
        return PageSlice(memory: block, offset: used, byteCount: byteCount)
    }
}
