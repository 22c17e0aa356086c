internal import CKernels

extension CodedRows {
    /// What no score of any slot exceeds, as the codes have it; nil where they can say nothing.
    ///
    /// - Complexity: O(count · dimension).
    public func bounds(
        of query: RowQuery, using kernels: CodeKernels = .current
    ) -> [Float]? {
        guard let planes = codes, query.isCoded else { return nil }
        _ = areCodesIntact
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

    /// What the codes say of the scores of some slots, without a bound.
    ///
    /// Nil where they can say nothing of the query; nor do they of rows too short or too long.
    ///
    /// - Precondition: the slots lie within `count`.
    /// - Complexity: O(slots · dimension).
    public func estimates(
        of query: RowQuery, slots: [Int], using kernels: CodeKernels = .current
    ) -> [Float]? {
        guard let planes = codes, query.isCoded else { return nil }
        precondition(slots.allSatisfy { $0 >= 0 && $0 < count }, "outside the slots")
        _ = areCodesIntact
        let listed = slots.map(UInt32.init)
        var estimates = [Float](repeating: 0, count: slots.count)
        withExtendedLifetime(self) {
            planes.withSlabs { slabs in
                query.withCodes { codes in
                    withUnsafePointer(to: codes) {
                        kernels.table.estimate_rows_u4(
                            $0, slabs, listed, listed.count, &estimates)
                    }
                }
            }
        }
        return estimates
    }
}
