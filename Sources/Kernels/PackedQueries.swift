internal import CKernels

/// The queries of a batch side by side, as the kernel takes them.
struct PackedQueries {
    private let low: [Int8]
    private let high: [Int8]
    private let queries: [RowQuery]

    init(_ queries: [RowQuery]) {
        self.queries = queries
        low = queries.flatMap(\.low)
        high = queries.flatMap(\.high)
    }

    /// The pointers hold while `body` runs.
    func withCodes<Result>(_ body: ([ck_code_query]) -> Result) -> Result {
        low.withUnsafeBufferPointer { low in
            high.withUnsafeBufferPointer { high in
                guard let lowBase = low.baseAddress, let highBase = high.baseAddress else {
                    return body([])
                }
                var offset = 0
                let codes = queries.map { query in
                    defer { offset += query.low.count }
                    return query.withCodes { codes in
                        var codes = codes
                        codes.low = lowBase + offset
                        codes.high = highBase + offset
                        return codes
                    }
                }
                return body(codes)
            }
        }
    }
}
