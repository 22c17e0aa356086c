internal import CKernels

/// The codes and headers of rows, relative to a centre and rotated.
struct CodePlanes: Sendable {
    let centre: [Float]
    let rotation: Rotation
    private var codes: RowPlane
    private var headers: RowPlane

    init(centre: [Float], padded: Int, seed: UInt64) {
        self.centre = centre
        rotation = Rotation(dimension: padded, seed: seed)
        // Slabs of codes near 2 MiB, one huge page each; whole blocks of 512 rows.
        let rows = max(1, (2 << 20) / (padded / 2) / 512) * 512
        codes = RowPlane(rowBytes: padded / 2, rowsPerSlab: rows)
        headers = RowPlane(rowBytes: MemoryLayout<ck_code_header>.stride, rowsPerSlab: rows)
    }

    var stride: Int { codes.rowBytes }
    var rowsPerSlab: Int { codes.rowsPerSlab }
    var byteCount: Int { codes.byteCount + headers.byteCount }

    mutating func resize(to count: Int) {
        codes.resize(to: count)
        headers.resize(to: count)
    }

    mutating func write(_ row: UnsafePointer<Float>, to slot: Int) {
        let table = CodeKernels.current.table
        let target = codes.mutableRow(slot).assumingMemoryBound(to: UInt8.self)
        let header = headers.mutableRow(slot).assumingMemoryBound(to: ck_code_header.self)
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

    func codes(from slot: Int) -> UnsafePointer<UInt8> {
        codes.row(slot).assumingMemoryBound(to: UInt8.self)
    }

    func headers(from slot: Int) -> UnsafePointer<ck_code_header> {
        headers.row(slot).assumingMemoryBound(to: ck_code_header.self)
    }
}
