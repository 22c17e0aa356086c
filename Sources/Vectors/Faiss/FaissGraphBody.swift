internal import Kernels

extension ByteReader {
    /// Steps over the graph of an HNSW index, of which every number is checked: it lies within the
    /// bytes, and leads to nothing that is not there.
    ///
    /// - Parameter count: the number of rows.
    /// - Throws: `VectorFileError`.
    /// - Complexity: O(edges).
    mutating func skipGraph(count: Int) throws(VectorFileError) {
        _ = try items(of: 8, "probabilities of the levels")
        let sizes = try levelSizes()
        try requireCount(UInt64(count), of: "levels of the rows")
        let levels = try skip(count: UInt64(count), of: 4, "the levels of the rows")
        // Cannot overflow: as many levels are in the file.
        try requireCount(UInt64(count) + 1, of: "offsets of edges")
        let offsets = try skip(count: UInt64(count) + 1, of: 8, "the offsets of edges")
        let edgeCount = try edges(count, sizes, levels: levels, offsets: offsets)
        try requireCount(edgeCount, of: "edges")
        let first = try skip(count: edgeCount, of: 4, "the edges")
        try check(first, Int(edgeCount), "an edge's end", -1..<Int32(clamping: count))
        try check(within: -1..<Int32(clamping: count), "the first row of a search")
        try check(within: -1..<Int32(sizes.count - 1), "the greatest level")
        try skip(count: 3, of: 4, "the depths of searches")
    }

    /// How many edges a row has room for that stands on so many levels; rising from 0.
    private mutating func levelSizes() throws(VectorFileError) -> [Int32] {
        let start = offset
        let (place, count) = try items(of: 4, "the sizes of levels")
        // FAISS makes 8 levels at its usual width, and 31 where rows have two edges.
        guard (1...256).contains(count) else {
            throw .unexpected(
                offset: start, expected: "the number of the sizes of levels, 1 to 256",
                found: "\(count)")
        }
        let sizes = bytes.integers(at: place, count: count, as: Int32.self)
        for (level, size) in sizes.enumerated()
        where level == 0 ? size != 0 : size < sizes[level - 1] {
            throw .unexpected(
                offset: place + 4 * level, expected: "a size of levels, rising from 0",
                found: "\(size)")
        }
        return sizes
    }

    /// Checks where each row's edges lie and tells how many there are.
    private func edges(
        _ count: Int, _ sizes: [Int32], levels: Int, offsets: Int
    ) throws(VectorFileError) -> UInt64 {
        var sum = UInt64(0)
        for row in 0...count {
            let place = offsets + 8 * row
            let found: UInt64 = bytes.integer(at: place)
            guard found == sum else {
                throw .unexpected(
                    offset: place, expected: "the offset of row \(row)'s edges, \(sum)",
                    found: "\(found)")
            }
            guard row < count else { break }
            let level: Int32 = bytes.integer(at: levels + 4 * row)
            guard level >= 1, Int(level) < sizes.count else {
                throw .unexpected(
                    offset: levels + 4 * row,
                    expected: "the levels of row \(row), 1 to \(sizes.count - 1)",
                    found: "\(level)")
            }
            // Wraps only where more than 2³³ rows lie; what they add up to is held to the file, too.
            sum &+= UInt64(sizes[Int(level)])
        }
        return sum
    }

    private mutating func check(
        within range: Range<Int32>, _ name: String
    ) throws(VectorFileError) {
        let start = try skip(count: 1, of: 4, name)
        try check(start, 1, name, range)
    }

    private func check(
        _ first: Int, _ count: Int, _ name: String, _ range: Range<Int32>
    ) throws(VectorFileError) {
        for start in stride(from: 0, to: count, by: 1 << 13) {
            let block = bytes.integers(
                at: first + 4 * start, count: min(1 << 13, count - start), as: Int32.self)
            if let place = block.firstIndex(where: { !range.contains($0) }) {
                throw .unexpected(
                    offset: first + 4 * (start + place),
                    expected: "\(name), \(range.lowerBound) to \(range.upperBound - 1)",
                    found: "\(block[place])")
            }
        }
    }
}
