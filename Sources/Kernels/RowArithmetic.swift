extension FloatRows {
    /// Replaces each row by the row of `table` that its index names.
    ///
    /// Parameters and precondition as `addRows`.
    public mutating func setRows(of table: MappedFloats, at indices: [Int32]) {
        combineRows(of: table, at: indices) { $0.update(from: $1, count: $2) }
    }

    /// Adds to each row the row of `table` that its index names.
    ///
    /// - Parameters:
    ///   - table: rows of `dimension` values.
    ///   - indices: `count` rows of the table.
    /// - Precondition: every index lies within the table.
    public mutating func addRows(of table: MappedFloats, at indices: [Int32]) {
        combineRows(of: table, at: indices) { row, source, width in
            for column in 0..<width { row[column] += source[column] }
        }
    }

    @inline(__always)
    private mutating func combineRows(
        of table: MappedFloats, at indices: [Int32],
        _ combine: (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void
    ) {
        precondition(indices.count == count, "as many indices as rows")
        let (width, tableCount) = (dimension, table.count / dimension)
        precondition(
            indices.allSatisfy { $0 >= 0 && $0 < tableCount }, "an index outside the table")
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            table.withUnsafePointer { table in
                for (row, index) in indices.enumerated() {
                    combine(base + row * width, table + Int(index) * width, width)
                }
            }
        }
    }

    /// Adds a multiple of `values` to one row.
    ///
    /// - Precondition: `values.count == dimension` and `0 <= row < count`.
    public mutating func addRow(_ values: ArraySlice<Float>, scaledBy factor: Float, to row: Int) {
        precondition(values.count == dimension && row >= 0 && row < count, "another shape")
        for (column, value) in values.enumerated() {
            self.values[row * dimension + column] += factor * value
        }
    }
}
