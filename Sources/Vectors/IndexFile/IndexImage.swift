internal import Kernels

/// An index as it lies in a mapped file.
struct IndexImage<Key: IndexKey> {
    let header: IndexSuperblock
    let table: ChunkTable
    let index: KeyedVectorIndex<Key>
    private(set) var notices: [String]

    /// Reads headers, keys and live bits, and maps the rest.
    ///
    /// - Throws: `VectorFileError`.
    /// - Complexity: O(slots), of which each takes a key and a bit; rows and codes are not read.
    init(_ file: MappedFile) throws(VectorFileError) {
        let bytes = StoredBytes.mapped(file)
        (header, notices) = try IndexSuperblock.read(from: bytes)
        guard header.keyKind == Key.storedKind else {
            throw .unsupported(
                offset: 40, found: "keys of kind \(header.keyKind)",
                supported: "keys of kind \(Key.storedKind)")
        }
        table = try ChunkTable(header, from: bytes)
        let parts = IndexParts(header: header, table: table, file: file)
        let live = try parts.live()
        let graph = parts.graph()
        index = KeyedVectorIndex(
            metric: header.metric, codedFrom: header.codedFrom, origin: header.fileID,
            rows: try parts.rows(), keys: try parts.keys(live: live), live: live,
            approximate: graph)
        if graph == nil, table.parts[.graph] != nil {
            notices.append("its graph does not fit its rows and was left out")
        }
    }
}

/// Reads the parts of an index file.
private struct IndexParts {
    let header: IndexSuperblock
    let table: ChunkTable
    let file: MappedFile

    private var geometry: IndexGeometry { IndexGeometry(dimension: header.dimension) }

    func live() throws(VectorFileError) -> SlotSet {
        let entries = try entries(.live)
        let bytes = try concatenation(entries)
        guard bytes.count == (header.slotCount + 63) / 64 * 8 else {
            throw unexpected(entries, "a bit a slot", "\(bytes.count) bytes")
        }
        let words: [UInt64] = StoredBytes.memory(bytes).integers(at: 0, count: bytes.count / 8)
        let live = SlotSet(words: words)
        let rest = header.slotCount % 64
        guard live.count == header.rowCount, rest == 0 || (words.last ?? 0) >> UInt64(rest) == 0
        else { throw unexpected(entries, "\(header.rowCount) live slots", "\(live.count)") }
        return live
    }

    func keys<Key: IndexKey>(live: SlotSet) throws(VectorFileError) -> KeyTable<Key> {
        let entries = try entries(.keys)
        let size = KeyTable<Key>.chunkSize
        guard entries.count == (header.slotCount + size - 1) / size else {
            throw unexpected(entries, "a key a slot", "\(entries.count) chunks")
        }
        var chunks: [[Key]] = []
        for (number, entry) in entries.enumerated() {
            let count = min(size, header.slotCount - number * size)
            guard let keys = Key.keys(from: try bytes(entry), count: count) else {
                throw unexpected([entry], "\(count) keys", "other bytes")
            }
            chunks.append(keys)
        }
        return KeyTable(chunks: chunks, live: live, saved: entries.map(\.chunk))
    }

    func rows() throws(VectorFileError) -> CodedRows {
        let rows = try plane(
            .rows, rowBytes: geometry.rowBytes, rowsPerChunk: geometry.rowsPerChunk, .mapped)
        var codes: RowPlane?
        var coding: CodedRows.Coding?
        if table.parts[.codes] != nil {
            let centre = try centre()
            guard let codeBytes = geometry.codeBytes else {
                throw unexpected(try entries(.codes), "no codes for such long rows", "codes")
            }
            codes = try plane(
                .codes, rowBytes: codeBytes, rowsPerChunk: geometry.codesPerChunk, .memory)
            coding = CodedRows.Coding(centre: centre, seed: header.seed)
        }
        return CodedRows(
            dimension: header.dimension,
            scoring: header.metric == .euclidean ? .negatedSquaredDistance : .innerProduct,
            rows: rows, codes: codes, coding: coding)
    }

    /// The graph; nil where there is none, or it does not fit the rows: it is derived from them.
    ///
    /// What its edges say is looked at when it is first followed.
    func graph() -> ApproximateHalf? {
        guard table.parts[.codes] != nil, let entries = table.parts[.graph], entries.count == 1,
            let edges = table.parts[.edges]
        else { return nil }
        let entry = entries[0]
        let start = entry.chunk.byteOffset
        let bytes = file.bytes(start..<start + entry.byteCount)
        guard Checksum.crc32c(of: bytes) == entry.chunk.checksum,
            let record = GraphRecord(bytes)
        else { return nil }
        let shape = VectorGraph.edgeShape(record.figures.parameters)
        guard edges.allSatisfy({ $0.byteCount == shape.rowBytes * shape.rowsPerSlab }),
            let plane = RowPlane(
                rowBytes: shape.rowBytes, rowsPerSlab: shape.rowsPerSlab,
                count: header.slotCount, chunks: edges.map(\.chunk), in: file, residence: .memory),
            let graph = VectorGraph(record.figures, edges: plane)
        else { return nil }
        return ApproximateHalf(
            graph: graph, learned: record.learned, changes: record.changes, check: GraphCheck())
    }

    private func centre() throws(VectorFileError) -> [Float] {
        let entries = try entries(.centre)
        guard
            let rows = FloatRows(
                dimension: header.dimension, littleEndianBytes: try concatenation(entries)),
            rows.count == 1, rows.values.allSatisfy(\.isFinite)
        else { throw unexpected(entries, "the centre of the codes", "other bytes") }
        return rows.values
    }

    private func plane(
        _ part: ChunkTable.Part, rowBytes: Int, rowsPerChunk: Int, _ residence: RowPlane.Residence
    ) throws(VectorFileError) -> RowPlane {
        let entries = try entries(part)
        guard entries.allSatisfy({ $0.byteCount == rowBytes * rowsPerChunk }),
            let plane = RowPlane(
                rowBytes: rowBytes, rowsPerSlab: rowsPerChunk, count: header.slotCount,
                chunks: entries.map(\.chunk), in: file, residence: residence)
        else { throw unexpected(entries, "chunks for \(header.slotCount) slots", "others") }
        return plane
    }

    private func entries(
        _ part: ChunkTable.Part
    ) throws(VectorFileError) -> [ChunkTable.Entry] {
        guard let entries = table.parts[part] else {
            throw .unexpected(
                offset: header.table.byteOffset, expected: "part \(part)", found: "none")
        }
        return entries
    }

    private func concatenation(
        _ entries: [ChunkTable.Entry]
    ) throws(VectorFileError) -> [UInt8] {
        var all: [UInt8] = []
        for entry in entries { all += try bytes(entry) }
        return all
    }

    private func bytes(_ entry: ChunkTable.Entry) throws(VectorFileError) -> [UInt8] {
        let start = entry.chunk.byteOffset
        let bytes = file.bytes(start..<start + entry.byteCount)
        guard Checksum.crc32c(of: bytes) == entry.chunk.checksum else {
            throw unexpected([entry], "a chunk with another checksum", "a damaged one")
        }
        return bytes
    }

    private func unexpected(
        _ entries: [ChunkTable.Entry], _ expected: String, _ found: String
    ) -> VectorFileError {
        .unexpected(
            offset: entries.first?.chunk.byteOffset ?? header.table.byteOffset,
            expected: expected, found: found)
    }
}
