internal import CKernels

extension CodedRows {
    /// What no score of any slot exceeds, as the codes have it; nil where they can say nothing.
    ///
    /// - Complexity: O(count · dimension).
    public func bounds(
        of query: RowQuery, using kernels: CodeKernels = .current
    ) -> [Float]? {
        guard let planes = codes, query.isCoded else { return nil }
        var found = [UInt32](repeating: 0, count: count)
        var bounds = [Float](repeating: 0, count: count)
        withExtendedLifetime(self) {
            query.withCodes { codes in
                var codes = codes
                for start in stride(from: 0, to: count, by: planes.rowsPerSlab) {
                    let length = min(planes.rowsPerSlab, count - start)
                    bounds.withUnsafeMutableBufferPointer { bounds in
                        guard let base = bounds.baseAddress else { return }
                        _ = kernels.table.gate_u4(
                            &codes, planes.stride, planes.codes(from: start),
                            planes.headers(from: start), length, -.infinity, &found, base + start)
                    }
                }
            }
        }
        return bounds
    }

    /// The score of each slot, in f32 with the bits that searches return.
    ///
    /// - Complexity: O(count · dimension).
    public func scores(of query: RowQuery, using kernels: CodeKernels = .current) -> [Float] {
        var scores = [Float](repeating: 0, count: count)
        withExtendedLifetime(self) {
            let pointers = (0..<count).map { pointer($0) as UnsafePointer<Float>? }
            switch scoring {
            case .innerProduct:
                kernels.table.dots_rows_f32(query.values, pointers, dimension, count, &scores)
            case .negatedSquaredDistance:
                kernels.table.distances_rows_f32(query.values, pointers, dimension, count, &scores)
            }
        }
        return scores
    }
}
