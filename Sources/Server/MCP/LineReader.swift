internal import Foundation
internal import Glibc
internal import StrictJSON

/// A line of a client.
enum Line: Sendable {
    /// Its bytes, without the line end.
    case text([UInt8])
    /// Longer than is taken; its bytes are gone.
    case tooLong

    /// The JSON of the line.
    func value(limit: Int) throws(JSONError) -> JSONValue {
        switch self {
        case .text(let bytes): return try StrictJSON.parse(bytes)
        case .tooLong: throw .tooLarge(byteCount: limit + 1, limit: limit)
        }
    }
}

/// Reads lines from a descriptor on a thread of its own, because reading blocks.
struct LineReader: Sendable {
    let descriptor: Int32
    let limit: Int

    /// Lines that are read and not yet taken; then reading waits.
    private static let ahead = 64

    /// The lines until the input ends; blank ones are left out.
    var lines: AsyncStream<Line> {
        let (descriptor, limit) = (descriptor, limit)
        // Made empty and then filled: a semaphore must not end below the value it was made with.
        let room = DispatchSemaphore(value: 0)
        for _ in 0..<Self.ahead { room.signal() }
        let (stream, continuation) = AsyncStream<Line>.makeStream()
        Thread.detachNewThread {
            var parser = LineParser(limit: limit)
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR || Descriptor.waits(descriptor, for: POLLIN) {
                    continue
                }
                let isEnd = count <= 0
                let lines = isEnd ? parser.finish() : parser.lines(in: buffer[..<count])
                for line in lines {
                    room.wait()
                    continuation.yield(line)
                }
                if isEnd { break }
            }
            continuation.finish()
        }
        return AsyncStream {
            for await line in stream {
                room.signal()
                return line
            }
            return nil
        }
    }
}

/// Cuts bytes into lines at LF and forgets lines that are too long.
private struct LineParser {
    let limit: Int
    private var rest: [UInt8] = []
    private var isSkipping = false

    init(limit: Int) {
        self.limit = limit
    }

    mutating func lines(in bytes: ArraySlice<UInt8>) -> [Line] {
        var lines: [Line] = []
        for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if part.offset > 0 { lines += finish() }
            guard !isSkipping else { continue }
            rest += part.element
            if rest.count > limit {
                rest = []
                isSkipping = true
            }
        }
        return lines
    }

    /// The line that ends here; none where it is blank.
    mutating func finish() -> [Line] {
        defer {
            rest = []
            isSkipping = false
        }
        if isSkipping { return [.tooLong] }
        return rest.allSatisfy { [0x20, 0x09, 0x0D].contains($0) } ? [] : [.text(rest)]
    }
}
