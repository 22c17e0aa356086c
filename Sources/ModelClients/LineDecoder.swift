internal import NIOCore
internal import Orchestration

/// Cuts a stream of bytes into lines at LF, whatever pieces they come in.
///
/// Lines are bytes: a character may be split between two pieces.
struct LineDecoder {
    private var rest: [UInt8] = []
    private let limit: Int

    /// A decoder that refuses lines of more than `limit` bytes.
    init(limit: Int = 1 << 20) {
        self.limit = limit
    }

    /// The lines that a piece completes, without their line ends.
    ///
    /// - Throws: `ModelError.malformed` for a line that is too long.
    /// - Complexity: O(bytes).
    mutating func lines(in piece: ByteBuffer) throws(ModelError) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for part in piece.readableBytesView.split(separator: 0x0A, omittingEmptySubsequences: false)
            .enumerated()
        {
            if part.offset > 0 { lines.append(finished()) }
            rest += part.element
            guard rest.count <= limit else {
                throw .malformed("a line of more than \(limit) bytes")
            }
        }
        return lines
    }

    /// What came after the last LF; empty where the stream ended with one.
    mutating func finished() -> [UInt8] {
        defer { rest = [] }
        if rest.last == 0x0D { rest.removeLast() }
        return rest
    }
}
