internal import CKernels

/// The codes and headers of rows, relative to a centre and rotated.
///
/// A slab holds the codes of its rows, then their headers.
struct CodePlanes: Sendable {
    let centre: [Float]
    let rotation: Rotation
    private(set) var plane: RowPlane

    private static let headerBytes = MemoryLayout<ck_code_header>.stride

    init(centre: [Float], padded: Int, seed: UInt64) {
        let rowBytes = padded / 2 + CodePlanes.headerBytes
        self.init(
            centre: centre, rotation: Rotation(dimension: padded, seed: seed),
            plane: RowPlane(
                rowBytes: rowBytes, rowsPerSlab: CodePlanes.rowsPerHugePage(rowBytes)))
    }

    /// Slabs near 2 MiB, one huge page each; whole blocks of 512 rows.
    private static func rowsPerHugePage(_ rowBytes: Int) -> Int {
        max(1, (2 << 20) / rowBytes / 512) * 512
    }

    /// - Precondition: the plane's rows are as long as codes and header of the rotation's dimension.
    init(centre: [Float], rotation: Rotation, plane: RowPlane) {
        precondition(
            plane.rowBytes == rotation.dimension / 2 + CodePlanes.headerBytes, "another shape")
        self.centre = centre
        self.rotation = rotation
        self.plane = plane
    }

    var stride: Int { rotation.dimension / 2 }
    var rowsPerSlab: Int { plane.rowsPerSlab }
    var byteCount: Int { plane.byteCount }

    mutating func resize(to count: Int) { plane.resize(to: count) }

    mutating func regroup(rowsPerSlab: Int) {
        plane = plane.regrouped(
            rowsPerSlab: rowsPerSlab, isColumnar: [stride, CodePlanes.headerBytes])
    }

    mutating func setSaved(_ slab: Int, _ chunk: SavedChunk?) { plane.setSaved(slab, chunk) }

    mutating func write(_ row: UnsafePointer<Float>, to slot: Int) {
        let table = CodeKernels.current.table
        let target = plane.mutableField(slot, after: 0, width: stride)
            .assumingMemoryBound(to: UInt8.self)
        let header = plane.mutableField(slot, after: stride, width: CodePlanes.headerBytes)
            .assumingMemoryBound(to: ck_code_header.self)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: rotation.dimension) { values in
            guard let base = values.baseAddress else { return }
            values.initialize(repeating: 0)
            var isZero = true
            for column in centre.indices {
                base[column] = row[column] - centre[column]
                isZero = isZero && base[column] == 0
            }
            rotation.apply(to: base, table)
            table.encode_u4(base, rotation.dimension, target, header)
            // A row so short that its rotation underflowed is no row of zeros.
            if !isZero, header.pointee.norm == 0 { header.pointee.residual = .infinity }
        }
    }

    /// Whether the codes of a slot are what was written to their file.
    func isIntact(_ slot: Int) -> Bool { plane.isIntact(slot) }

    func codes(from slot: Int) -> UnsafePointer<UInt8> {
        plane.field(slot, after: 0, width: stride).assumingMemoryBound(to: UInt8.self)
    }

    func headers(from slot: Int) -> UnsafePointer<ck_code_header> {
        plane.field(slot, after: stride, width: CodePlanes.headerBytes)
            .assumingMemoryBound(to: ck_code_header.self)
    }
}
