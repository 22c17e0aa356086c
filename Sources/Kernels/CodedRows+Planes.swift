internal import CKernels

/// The planes of coded rows as a file holds them.
extension CodedRows {
    /// What is needed beside rows to read codes: where they are centred and how they are rotated.
    public struct Coding: Sendable, Equatable {
        /// What is taken from each row before it is coded; `dimension` finite values.
        public let centre: [Float]
        /// What the rotation is made from.
        public let seed: UInt64

        /// A coding.
        public init(centre: [Float], seed: UInt64) {
            self.centre = centre
            self.seed = seed
        }
    }

    /// The size of a row of codes with its header; nil where rows of that length have no codes.
    public static func codeBytes(dimension: Int) -> Int? {
        let padded = (dimension + 63) / 64 * 64
        guard padded <= Int(CK_CODE_MAXIMUM_DIMENSION) else { return nil }
        return padded / 2 + MemoryLayout<ck_code_header>.stride
    }

    /// Rows, and codes where there are any, that lie in planes already.
    ///
    /// - Precondition: the planes have equal counts and rows of the lengths that `dimension` asks for;
    ///   both codes and coding, or neither.
    public init(
        dimension: Int, scoring: Scoring, rows: RowPlane, codes: RowPlane?, coding: Coding?
    ) {
        precondition(rows.rowBytes == dimension * 4, "another dimension")
        precondition((codes == nil) == (coding == nil), "codes without their coding")
        self.init(dimension: dimension, scoring: scoring)
        count = rows.count
        self.rows = rows
        guard let codes, let coding else { return }
        precondition(codes.count == rows.count, "not a code a row")
        let padded = (dimension + 63) / 64 * 64
        self.codes = CodePlanes(
            centre: coding.centre, rotation: Rotation(dimension: padded, seed: coding.seed),
            plane: codes)
    }

    /// The f32 rows, little-endian.
    public var rowPlane: RowPlane { rows }

    /// The codes; nil where there are none.
    public var codePlane: RowPlane? { codes?.plane }

    /// How rows are coded; nil where they are not.
    public var coding: Coding? {
        codes.map { Coding(centre: $0.centre, seed: $0.rotation.seed) }
    }

    /// Puts rows and codes into slabs of these sizes.
    ///
    /// - Complexity: O(bytes), unless they are of these sizes.
    public mutating func regroup(rowsPerSlab: Int, codesPerSlab: Int) {
        rows = rows.regrouped(rowsPerSlab: rowsPerSlab, isColumnar: [rows.rowBytes])
        codes?.regroup(rowsPerSlab: codesPerSlab)
    }

    /// Whether all codes are what was written to their file.
    ///
    /// - Complexity: O(bytes of codes) at the first touch.
    public var areCodesIntact: Bool { codes?.plane.isIntact ?? true }

    /// Whether the file that rows are mapped in has become shorter since.
    public var hasLostItsFile: Bool { rows.hasLostItsFile }

    /// Notes where slabs stand in a file now.
    ///
    /// - Precondition: as many chunks as slabs of the plane.
    public mutating func setSaved(rows chunks: [SavedChunk], codes codeChunks: [SavedChunk]) {
        for (slab, chunk) in chunks.enumerated() { rows.setSaved(slab, chunk) }
        for (slab, chunk) in codeChunks.enumerated() { codes?.setSaved(slab, chunk) }
    }

    /// Forgets where slabs stand in a file.
    public mutating func forgetSaved() {
        for slab in 0..<rows.slabCount { rows.setSaved(slab, nil) }
        for slab in 0..<(codes?.plane.slabCount ?? 0) { codes?.setSaved(slab, nil) }
    }

    /// Whether the slabs of a slot are what was written to their file; always, for memory.
    ///
    /// - Precondition: `0 <= slot < count`.
    /// - Complexity: O(slab) at its first touch.
    public func isIntact(_ slot: Int) -> Bool {
        !hasLostItsFile && rows.isIntact(slot) && codes?.isIntact(slot) ?? true
    }

    /// Whether all slabs are.
    ///
    /// - Complexity: O(bytes) at the first touch.
    public var isIntact: Bool {
        // What was found intact may have been cut off since.
        !hasLostItsFile && rows.isIntact && codes?.plane.isIntact ?? true
    }
}
