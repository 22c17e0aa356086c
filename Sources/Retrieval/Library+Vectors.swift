internal import Embedding
internal import Store
internal import Vectors

extension Library {
    /// Brings the indexes in the memory's folder to what SQLite holds, and then forgets the log up to
    /// where all of them stand.
    ///
    /// The file is read whole, so that damage is mended here. One that cannot be written is told in the
    /// report and no more: searches read SQLite then.
    ///
    /// - Parameters:
    ///   - report: what an index run tells.
    ///   - isCompacting: whether free slots are filled up.
    /// - Throws: `StoreError`; `IndexError` for stored vectors that are none.
    func saveVectors(_ report: inout IndexReport, isCompacting: Bool = false) throws {
        guard embedder.embedder != nil else { return }
        let logID = try writer.reader.vectorLogID()
        do {
            let sequences = try embedder.all.map { role, embedder in
                try save(VectorSpace(embedder, role, logID: logID), isCompacting)
            }
            if let sequence = sequences.min() { try writer.trimVectorLog(through: sequence) }
        } catch let error as VectorFileError {
            report.degraded.append(
                "the vector index was not written: \(error.reason); searches read the database")
        }
    }

    /// - Returns: the moment the file stands at.
    private func save(_ space: VectorSpace, _ isCompacting: Bool) throws -> Int64 {
        let folder = memory.vectorFolder(space.role)
        var file = Self.openedWhole(folder)
        var followed = file.flatMap { FollowedIndex($0, space) }
        let changes = try writer.reader.vectorChanges(
            fingerprint: space.fingerprint, after: followed?.sequence)
        if changes.isWhole { followed = nil }
        var next = followed ?? FollowedIndex(space)
        let hasHoles = isCompacting && next.hasFreeSlots
        guard changes.isWhole || !changes.rows.isEmpty || hasHoles else { return next.sequence }
        try next.apply(changes)
        if isCompacting { try next.compact() }
        if followed != nil {
            try file?.save(next.index, note: next.note, isTidying: isCompacting)
        } else {
            _ = try IndexFile(writing: next.index, note: next.note, to: folder)
        }
        return next.sequence
    }

    /// The index file, where every byte of it is as it was written.
    private static func openedWhole(_ folder: String) -> IndexFile<VectorKey>? {
        do throws(VectorFileError) {
            let file = try IndexFile<VectorKey>(opening: folder)
            return file.notices.isEmpty && file.isIntact() ? file : nil
        } catch {
            // It is made anew.
            return nil
        }
    }
}
