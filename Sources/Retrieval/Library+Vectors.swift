internal import Embedding
internal import Store
internal import Vectors

extension Library {
    /// Brings the index in the memory's folder to what SQLite holds, and then forgets the log up to
    /// there.
    ///
    /// The file is read whole, so that damage is mended here. One that cannot be written is told in the
    /// report and no more: searches read SQLite then.
    ///
    /// - Parameters:
    ///   - report: what an index run tells.
    ///   - isCompacting: whether free slots are filled up.
    /// - Throws: `StoreError`; `IndexError` for stored vectors that are none.
    func saveVectors(_ report: inout IndexReport, isCompacting: Bool = false) throws {
        guard case .ready(let embedder) = embedder else { return }
        let space = VectorSpace(embedder, logID: try writer.reader.vectorLogID())
        do {
            if let sequence = try save(space, isCompacting) {
                try writer.trimVectorLog(through: sequence)
            }
        } catch let error as VectorFileError {
            report.degraded.append(
                "the vector index was not written: \(error.reason); searches read the database")
        }
    }

    /// - Returns: the moment the file stands at; nil where it stood there already.
    private func save(_ space: VectorSpace, _ isCompacting: Bool) throws -> Int64? {
        var file = openedWhole()
        var followed = file.flatMap { FollowedIndex($0, space) }
        let changes = try writer.reader.vectorChanges(
            fingerprint: space.fingerprint, after: followed?.sequence)
        if changes.isWhole { followed = nil }
        var next = followed ?? FollowedIndex(space)
        let hasHoles = isCompacting && next.hasFreeSlots
        guard changes.isWhole || !changes.rows.isEmpty || hasHoles else { return nil }
        try next.apply(changes)
        if isCompacting { try next.compact() }
        if followed != nil {
            try file?.save(next.index, note: next.note)
        } else {
            _ = try IndexFile(writing: next.index, note: next.note, to: memory.vectorFolder)
        }
        return next.sequence
    }

    /// The index file, where every byte of it is as it was written.
    private func openedWhole() -> IndexFile<VectorKey>? {
        do throws(VectorFileError) {
            let file = try IndexFile<VectorKey>(opening: memory.vectorFolder)
            return file.notices.isEmpty && file.isIntact() ? file : nil
        } catch {
            // It is made anew.
            return nil
        }
    }
}
