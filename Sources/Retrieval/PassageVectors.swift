internal import Embedding
internal import Kernels
public import Store
internal import Synchronization
internal import Vectors

/// The vectors of a memory's passages, ready to be searched.
///
/// SQLite holds the truth; the index in the memory's folder is derived from it and may be older, so
/// what has changed since is put on top. Where there is no index that fits, or it is damaged, one is
/// made in memory from SQLite: the answers are the same, only later.
///
/// Keep it as long as searches go on: what is read once is kept, and brought up to date by what changed.
public final class PassageVectors: Sendable {
    private let memory: MemoryPaths
    private let known = Mutex<[VectorRole: FollowedIndex]>([:])
    /// What searches learnt of the passages besides.
    let notes = PassageNotes()

    /// The vectors of a memory.
    public init(_ memory: MemoryPaths) {
        self.memory = memory
    }

    /// The index of a role's vectors as SQLite has it now.
    ///
    /// - Parameters:
    ///   - reader: the memory.
    ///   - embedder: whose vectors they are.
    ///   - role: which of the memory's indexes.
    ///   - moment: how far the memory has come, where that is known: an index that is there already
    ///     is taken as it is.
    /// - Returns: the index, and sentences on what was amiss with its file.
    /// - Throws: `StoreError`, `IndexError`.
    func index(
        _ reader: MemoryReader, for embedder: any Embedder, _ role: VectorRole,
        at moment: MemoryMoment? = nil
    ) throws -> (index: VectorIndex, notices: [String]) {
        let folder = memory.vectorFolder(role)
        return try known.withLock { all in
            if let moment, let known = all[role], known.sequence == moment.sequence,
                known.space == VectorSpace(embedder, role, logID: moment.memory)
            {
                return (known.index, [])
            }
            let space = VectorSpace(embedder, role, logID: try reader.vectorLogID())
            var known = all[role]
            defer { all[role] = known }
            var notices: [String] = []
            if known?.space != space {
                known = FollowedIndex.opened(in: folder, space, &notices)
            }
            var changes = try reader.vectorChanges(
                fingerprint: space.fingerprint, after: known?.sequence)
            if changes.isWhole, known != nil {
                // Its log was trimmed, which another process does once its index is saved.
                known = FollowedIndex.opened(in: folder, space, &notices)
                changes = try reader.vectorChanges(
                    fingerprint: space.fingerprint, after: known?.sequence)
            }
            var followed = changes.isWhole ? FollowedIndex(space) : known ?? FollowedIndex(space)
            do {
                try followed.apply(changes)
            } catch IndexError.damaged {
                notices.append(Self.damage)
                followed = try Self.fromStore(reader, space)
            }
            known = followed
            return (followed.index, notices)
        }
    }

    /// The index made from SQLite alone, after a search found the file damaged.
    func mended(
        _ reader: MemoryReader, for embedder: any Embedder, _ role: VectorRole
    ) throws -> (index: VectorIndex, notices: [String]) {
        try known.withLock { known in
            let space = VectorSpace(embedder, role, logID: try reader.vectorLogID())
            let followed = try Self.fromStore(reader, space)
            known[role] = followed
            return (followed.index, [Self.damage])
        }
    }

    private static let damage = "the vector index is damaged and was not used; run: conductor index"

    private static func fromStore(
        _ reader: MemoryReader, _ space: VectorSpace
    ) throws -> FollowedIndex {
        var followed = FollowedIndex(space)
        try followed.apply(
            try reader.vectorChanges(fingerprint: space.fingerprint, after: nil))
        return followed
    }
}

/// A vector space of one memory.
struct VectorSpace: Sendable, Equatable {
    let role: VectorRole
    let fingerprint: String
    let dimension: Int
    /// The memory's run of changes.
    let logID: String

    init(_ embedder: any Embedder, _ role: VectorRole, logID: String) {
        self.role = role
        fingerprint = embedder.fingerprint.rawValue
        dimension = embedder.dimension
        self.logID = logID
    }

    /// What an index file says of what it was made from.
    var label: String { "\(logID) \(fingerprint)" }
}

/// An index and the moment of SQLite's log that it stands at.
struct FollowedIndex: Sendable {
    let space: VectorSpace
    private(set) var index: VectorIndex
    private(set) var sequence: Int64

    /// Nothing yet.
    init(_ space: VectorSpace) {
        self.space = space
        index = VectorIndex(dimension: space.dimension)
        sequence = 0
    }

    /// What a file holds; nil where it is of another space or memory.
    init?(_ file: IndexFile<VectorKey>, _ space: VectorSpace) {
        guard file.note.label == space.label, file.index.dimension == space.dimension,
            let sequence = Int64(exactly: file.note.generation)
        else { return nil }
        self.space = space
        index = file.index
        self.sequence = sequence
    }

    /// The index of a folder; nil where there is none that fits.
    static func opened(
        in folder: String, _ space: VectorSpace, _ notices: inout [String]
    ) -> FollowedIndex? {
        do throws(VectorFileError) {
            return FollowedIndex(try IndexFile(opening: folder), space)
        } catch {
            if !error.isAbsence {
                notices.append("the vector index was not used: \(error.reason)")
            }
            return nil
        }
    }

    /// Brings the index to the moment that changes lead to.
    ///
    /// - Throws: `IndexError`; `.dimension` and `.notFinite` where SQLite holds no vectors of the
    ///   space.
    mutating func apply(_ changes: VectorChanges) throws(IndexError) {
        var gone: [VectorKey] = []
        var keys: [VectorKey] = []
        var bytes: [UInt8] = []
        for row in changes.rows {
            let key = VectorKey(rawValue: UInt64(bitPattern: row.id.rawValue))
            guard let vector = row.vector else {
                gone.append(key)
                continue
            }
            keys.append(key)
            bytes += vector
        }
        guard let rows = FloatRows(dimension: space.dimension, littleEndianBytes: bytes) else {
            throw .dimension(expected: space.dimension, found: bytes.count / 4)
        }
        try index.upsert(rows, keys: keys)
        index.remove(keys: gone)
        sequence = changes.sequence
    }

    /// What an index file says of this.
    var note: IndexNote {
        IndexNote(generation: UInt64(bitPattern: sequence), label: space.label)
    }

    /// Whether rows were removed whose slots are free.
    var hasFreeSlots: Bool { index.freeSlotCount > 0 }

    /// Moves rows into free slots.
    mutating func compact() throws(IndexError) { try index.compact() }
}

extension VectorFileError {
    /// Whether there is just no such file.
    var isAbsence: Bool {
        // ENOENT.
        if case .unreadable(.system(_, 2)) = self { return true }
        return false
    }
}
