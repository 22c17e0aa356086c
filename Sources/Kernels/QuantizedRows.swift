internal import CKernels

/// Room for rows at u8, each group of values with its own scale; used again and again.
public struct QuantizedRows: Sendable {
    private var group = QuantizationGroup.inputs64
    private var levels: [UInt8] = []
    private var scales: [Float] = []
    private var shifts: [Float] = []

    /// No rows yet.
    public init() {}

    mutating func quantize(_ rows: FloatRows, _ group: QuantizationGroup, _ table: ck_kernels) {
        self.group = group
        let groups = rows.count * group.count(in: rows.dimension)
        if levels.count < groups * 2 * group.rawValue {
            levels = [UInt8](repeating: 0, count: groups * 2 * group.rawValue)
        }
        if scales.count < groups {
            scales = [Float](repeating: 0, count: groups)
            shifts = scales
        }
        withRows { target in
            rows.values.withUnsafeBufferPointer {
                guard let values = $0.baseAddress else { return }
                table.quantize_q8(values, rows.dimension, rows.count, rows.dimension, target)
            }
        }
    }

    mutating func withRows(_ body: (ck_quantized_rows) -> Void) {
        levels.withUnsafeMutableBufferPointer { levels in
            scales.withUnsafeMutableBufferPointer { scales in
                shifts.withUnsafeMutableBufferPointer { shifts in
                    body(
                        ck_quantized_rows(
                            group: group.rawValue, levels: levels.baseAddress,
                            scales: scales.baseAddress,
                            shifts: shifts.baseAddress))
                }
            }
        }
    }
}
