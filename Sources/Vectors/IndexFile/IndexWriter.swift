internal import Kernels

/// Writes the parts of an index that its file does not hold yet.
struct IndexWriter<Key: IndexKey> {
    /// The index, with what was saved noted.
    private(set) var index: KeyedVectorIndex<Key>

    private let fileID: UInt64
    private let progress: (Int) -> Void

    init(
        _ index: KeyedVectorIndex<Key>, fileID: UInt64, _ progress: @escaping (Int) -> Void
    ) {
        self.index = index
        self.fileID = fileID
        self.progress = progress
        let geometry = IndexGeometry(dimension: index.dimension)
        // What is damaged would be written with a checksum that calls it sound.
        self.index.dropUnsoundGraph()
        if index.origin != fileID { self.index.forgetSaved(as: fileID) }
        self.index.rows.regroup(
            rowsPerSlab: geometry.rowsPerChunk, codesPerSlab: geometry.codesPerChunk)
    }

    /// Appends changed chunks and a table, then lets both headers point to it.
    ///
    /// - Returns: the table and the header.
    /// - Throws: `.unwritable`, `.unexpected` where rows are damaged; the headers on the disk then
    ///   point to what they pointed to.
    mutating func write(
        to sink: inout FileSink, note: IndexNote, sequence: UInt64, known: ChunkTable
    ) throws(VectorFileError) -> (ChunkTable, IndexSuperblock) {
        var table = ChunkTable()
        let rows = try write(index.rows.rowPlane, to: &sink)
        table.parts[.rows] = rows
        var codes: [ChunkTable.Entry] = []
        if let plane = index.rows.codePlane, let coding = index.rows.coding {
            codes = try write(plane, to: &sink)
            table.parts[.codes] = codes
            let centre = FloatRows(dimension: index.dimension, values: coding.centre)
            table.parts[.centre] = try write(
                blob: centre.littleEndianBytes, known: known.parts[.centre], to: &sink)
        }
        let keys = try writeKeys(known: known.parts[.keys] ?? [], to: &sink)
        table.parts[.keys] = keys
        var words = index.live.words
        let wordCount = (index.keys.slotCount + 63) / 64
        words += [UInt64](repeating: 0, count: max(0, wordCount - words.count))
        table.parts[.live] = try write(
            blob: words.prefix(wordCount).map(\.self).littleEndianBytes,
            known: known.parts[.live], to: &sink)
        if let half = index.approximate {
            let edges = try write(half.graph.edgePlane, to: &sink)
            table.parts[.edges] = edges
            let record = GraphRecord(
                figures: half.graph.figures, learned: half.learned, changes: half.changes)
            table.parts[.graph] = try write(
                blob: record.bytes, known: known.parts[.graph], to: &sink)
            index.approximate?.graph.setSaved(edges.map(\.chunk))
        }
        index.rows.setSaved(rows: rows.map(\.chunk), codes: codes.map(\.chunk))
        for (chunk, entry) in keys.enumerated() { index.keys.saved[chunk] = entry.chunk }
        return try finish(table, note, sequence, &sink)
    }

    private func finish(
        _ table: ChunkTable, _ note: IndexNote, _ sequence: UInt64, _ sink: inout FileSink
    ) throws(VectorFileError) -> (ChunkTable, IndexSuperblock) {
        let entry = try sink.append(table.bytes)
        let header = IndexSuperblock(
            fileID: fileID, sequence: sequence, dimension: index.dimension, metric: index.metric,
            keyKind: Key.storedKind, slotCount: index.keys.slotCount, rowCount: index.count,
            codedFrom: index.codedFrom, seed: index.rows.coding?.seed ?? 0,
            table: (entry.chunk.byteOffset, entry.byteCount, entry.chunk.checksum), note: note,
            byteCount: sink.end)
        try sink.sync()
        // One after the other: at any moment one of them is whole on the disk.
        for copy in 0..<IndexSuperblock.copies {
            try sink.write(header.page, at: copy * IndexSuperblock.pageSize)
            try sink.sync()
        }
        return (table, header)
    }

    private func write(
        _ plane: RowPlane, to sink: inout FileSink
    ) throws(VectorFileError) -> [ChunkTable.Entry] {
        let size = plane.rowBytes * plane.rowsPerSlab
        var entries: [ChunkTable.Entry] = []
        for slab in 0..<plane.slabCount {
            if let saved = plane.saved(slab) {
                entries.append(ChunkTable.Entry(chunk: saved, byteCount: size))
            } else {
                // What is damaged would be written with a checksum that calls it sound.
                guard let bytes = plane.bytes(ofSlab: slab) else {
                    throw .unexpected(
                        offset: 0, expected: "rows as they were written", found: "others")
                }
                entries.append(try sink.append(bytes))
                progress(sink.end)
            }
        }
        return entries
    }

    private func writeKeys(
        known: [ChunkTable.Entry], to sink: inout FileSink
    ) throws(VectorFileError) -> [ChunkTable.Entry] {
        var entries: [ChunkTable.Entry] = []
        for (chunk, keys) in index.keys.chunks.enumerated() {
            if let saved = index.keys.saved[chunk], chunk < known.count,
                known[chunk].chunk == saved
            {
                entries.append(known[chunk])
            } else {
                entries.append(try sink.append(Key.storedBytes(of: keys)))
            }
        }
        return entries
    }

    /// A part of one chunk, unless the file holds just that.
    private func write(
        blob: [UInt8], known: [ChunkTable.Entry]?, to sink: inout FileSink
    ) throws(VectorFileError) -> [ChunkTable.Entry] {
        if let known, known.count == 1, known[0].byteCount == blob.count,
            known[0].chunk.checksum == Checksum.crc32c(of: blob)
        {
            return known
        }
        return [try sink.append(blob)]
    }
}

extension KeyedVectorIndex {
    /// Takes the index as new to a file.
    fileprivate mutating func forgetSaved(as fileID: UInt64) {
        rows.forgetSaved()
        approximate?.graph.setSaved([])
        for chunk in keys.saved.indices { keys.saved[chunk] = nil }
        origin = fileID
    }
}
