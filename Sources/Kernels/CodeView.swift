internal import CKernels

extension CodePlanes {
    /// What a kernel takes; the pointers hold while `body` runs.
    func withSlabs<Result>(_ body: (UnsafePointer<ck_code_slabs>) -> Result) -> Result {
        plane.withStarts { starts in
            var slabs = ck_code_slabs(
                starts: starts, stride: stride, rows_per_slab: UInt32(rowsPerSlab))
            return body(&slabs)
        }
    }
}

extension UnsafePointer<ck_code_slabs> {
    func codes(_ slot: UInt32) -> UnsafePointer<UInt8> {
        let (slab, place) = slot.quotientAndRemainder(dividingBy: pointee.rows_per_slab)
        return start(slab) + Int(place) * pointee.stride
    }

    func header(_ slot: UInt32) -> UnsafePointer<ck_code_header> {
        let (slab, place) = slot.quotientAndRemainder(dividingBy: pointee.rows_per_slab)
        let headers = start(slab) + Int(pointee.rows_per_slab) * pointee.stride
        return UnsafeRawPointer(headers).assumingMemoryBound(to: ck_code_header.self) + Int(place)
    }

    private func start(_ slab: UInt32) -> UnsafePointer<UInt8> {
        guard let start = pointee.starts[Int(slab)] else { preconditionFailure("no such slab") }
        return start
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
