internal import CKernels

/// Where the slabs of coded rows stand, gathered once for a walk or a build.
///
/// Holds while the rows live and nobody writes to them.
struct CodeView {
    let stride: Int
    private let codes: [UnsafePointer<UInt8>?]
    private let headers: [UnsafePointer<ck_code_header>?]
    private let rowsPerSlab: Int

    init(_ planes: CodePlanes, count: Int) {
        stride = planes.stride
        rowsPerSlab = planes.rowsPerSlab
        let starts = Swift.stride(from: 0, to: count, by: rowsPerSlab)
        codes = starts.map { planes.codes(from: $0) }
        headers = starts.map { planes.headers(from: $0) }
    }

    /// What a kernel takes; the pointers hold while `body` runs.
    func withSlabs<Result>(_ body: (UnsafePointer<ck_code_slabs>) -> Result) -> Result {
        codes.withUnsafeBufferPointer { codes in
            headers.withUnsafeBufferPointer { headers in
                var slabs = ck_code_slabs(
                    codes: codes.baseAddress, headers: headers.baseAddress, stride: stride,
                    rows_per_slab: UInt32(rowsPerSlab))
                return body(&slabs)
            }
        }
    }
}

extension UnsafePointer<ck_code_slabs> {
    func codes(_ slot: UInt32) -> UnsafePointer<UInt8> {
        let (slab, place) = slot.quotientAndRemainder(dividingBy: pointee.rows_per_slab)
        guard let base = pointee.codes[Int(slab)] else { preconditionFailure("no such slab") }
        return base + Int(place) * pointee.stride
    }

    func header(_ slot: UInt32) -> UnsafePointer<ck_code_header> {
        let (slab, place) = slot.quotientAndRemainder(dividingBy: pointee.rows_per_slab)
        guard let base = pointee.headers[Int(slab)] else { preconditionFailure("no such slab") }
        return base + Int(place)
    }

    /// A stored row as a query whose estimates are squared distances, negated.
    ///
    /// Its multipliers stand in the space until the next row is taken.
    func query(_ slot: UInt32, _ space: GraphBuffers, _ table: ck_code_kernels) -> ck_code_query {
        let header = header(slot).pointee
        let offset = table.multipliers_u4(codes(slot), pointee.stride, space.low, space.high)
        let correction = header.square / (header.norm * header.norm + 0x1p-126)
        return ck_code_query(
            low: space.low, high: space.high, offset: offset, unit: header.scale * correction / 2,
            residual: 0, norm: 0, square: -1, constant: -header.square)
    }
}
