import Kernels
import TestSupport

/// Values as the kernels read weights: from a mapped file.
func mapped(_ values: [Float], in folder: TemporaryFolder) throws -> MappedFloats {
    let bytes = FloatRows(dimension: 1, values: values).littleEndianBytes
    let path = try folder.write(bytes, to: "\(values.count)-\(UInt64.random(in: 0 ... .max)).f32")
    guard
        let floats = MappedFloats(
            file: try MappedFile(path: path), byteOffset: 0, count: values.count)
    else { throw MappingError.notARegularFile }
    return floats
}

/// Sizes around the lanes of every instruction set, and the default model's width.
let edgeSizes = [1, 7, 8, 31, 32, 33, 63, 384]
