extension FloatRows {
    /// Adds to each row the row of `table` that its index names.
    ///
    /// - Parameters:
    ///   - table: rows of `dimension` values.
    ///   - indices: `count` rows of the table.
    /// - Precondition: every index lies within the table.
    public mutating func addRows(of table: MappedFloats, at indices: [Int32]) {
        precondition(indices.count == count, "as many indices as rows")
        let (width, tableCount) = (dimension, table.count / dimension)
        precondition(
            indices.allSatisfy { $0 >= 0 && $0 < tableCount }, "an index outside the table")
        values.withUnsafeMutableBufferPointer { values in
            table.withUnsafePointer { table in
                for (row, index) in indices.enumerated() {
                    let source = table + Int(index) * width
                    for column in 0..<width { values[row * width + column] += source[column] }
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
