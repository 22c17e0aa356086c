internal import Foundation
internal import Kernels
internal import StrictJSON

/// A weights file in the safetensors format, mapped and bounds-checked.
///
/// | offset | size | what |
/// |---|---|---|
/// | 0 | 8 | `n`, the header's length, u64 little-endian |
/// | 8 | n | JSON: name → `{"dtype", "shape", "data_offsets": [begin, end]}`, may be space-padded |
/// | 8 + n | … | the tensors, row-major, little-endian; offsets count from here |
///
/// - Source: https://github.com/huggingface/safetensors#format
struct SafetensorsFile {
    /// The types of numbers that are read; tensors of others are left out.
    private enum NumberType: String {
        case float = "F32"
        case half = "F16"

        var byteCount: Int { self == .float ? 4 : 2 }
    }

    /// One tensor's place.
    private struct Entry {
        let type: NumberType
        let shape: [Int]
        let begin: Int

        /// Fits: the header was checked.
        var byteCount: Int { shape.reduce(type.byteCount, *) }
    }

    private static let headerLimit = 1 << 20

    private let path: String
    private let file: MappedFile
    private let dataOffset: Int
    private var entries: [String: Entry] = [:]

    /// Maps the file and checks its header.
    ///
    /// - Throws: `.modelMissing`, `.unreadable`, `.malformed`. Tensors of other types than F32 and
    ///   F16 and metadata are not an error; they are left out.
    init(path: String) throws(EmbeddingError) {
        self.path = path
        file = try ModelFolder.map(path)
        guard file.byteCount >= 8 else {
            throw .malformed(path: path, reason: "shorter than a header")
        }
        let length = file.bytes(0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= Self.headerLimit, Int(length) <= file.byteCount - 8 else {
            throw .malformed(path: path, reason: "a header of \(length) bytes")
        }
        dataOffset = 8 + Int(length)
        try readHeader(file.bytes(8..<dataOffset))
    }

    /// The F32 tensor `name` of exactly this shape, in place.
    ///
    /// - Throws: `.malformed` where it is missing or of another type or shape.
    func floats(_ name: String, shape: [Int]) throws(EmbeddingError) -> MappedFloats {
        let place = try place(of: name, .float, shape)
        guard
            let floats = MappedFloats(
                file: file, byteOffset: place.byteOffset, count: place.count)
        else { throw .malformed(path: path, reason: "\(name) lies outside the file") }
        return floats
    }

    /// The F16 tensor `name` of exactly this shape, in place.
    ///
    /// - Throws: `.malformed` where it is missing or of another type or shape.
    func halves(_ name: String, shape: [Int]) throws(EmbeddingError) -> MappedHalves {
        let place = try place(of: name, .half, shape)
        guard
            let halves = MappedHalves(
                file: file, byteOffset: place.byteOffset, count: place.count)
        else { throw .malformed(path: path, reason: "\(name) lies outside the file") }
        return halves
    }

    private func place(
        of name: String, _ type: NumberType, _ shape: [Int]
    ) throws(EmbeddingError) -> (byteOffset: Int, count: Int) {
        guard let entry = entries[name], entry.type == type else {
            throw .malformed(
                path: path, reason: "no \(type.rawValue) tensor \(name) of shape \(shape)")
        }
        guard entry.shape == shape else {
            throw .malformed(path: path, reason: "\(name) has shape \(entry.shape), not \(shape)")
        }
        return (dataOffset + entry.begin, shape.reduce(1, *))
    }

    private mutating func readHeader(_ bytes: [UInt8]) throws(EmbeddingError) {
        let header: JSONValue
        do {
            header = try StrictJSON.parse(bytes)
        } catch {
            throw .malformed(path: path, reason: "the header is not JSON: \(error)")
        }
        guard let tensors = header.object else {
            throw .malformed(path: path, reason: "the header is not an object")
        }
        var total = 0
        for (name, tensor) in tensors where name != "__metadata__" {
            guard let type = tensor["dtype"]?.string.flatMap(NumberType.init) else { continue }
            let entry = try entry(name, type, tensor)
            // Each lies within the file, so that a few of them cannot overflow the sum.
            total += entry.byteCount
            guard total <= file.byteCount - dataOffset else {
                throw .malformed(path: path, reason: "\(name) shares bytes with another tensor")
            }
            entries[name] = entry
        }
    }

    private func entry(
        _ name: String, _ type: NumberType, _ tensor: JSONValue
    ) throws(EmbeddingError) -> Entry {
        let shape = tensor["shape"]?.array?.compactMap(\.index) ?? []
        let offsets = tensor["data_offsets"]?.array?.compactMap(\.index) ?? []
        guard shape.count == tensor["shape"]?.array?.count, offsets.count == 2,
            tensor["data_offsets"]?.array?.count == 2
        else {
            throw .malformed(path: path, reason: "\(name) has no usable shape or offsets")
        }
        var byteCount = type.byteCount
        for extent in shape {
            let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw .malformed(path: path, reason: "\(name) is too large") }
            byteCount = product
        }
        guard offsets[0] <= offsets[1], offsets[1] <= file.byteCount - dataOffset,
            offsets[1] - offsets[0] == byteCount
        else { throw .malformed(path: path, reason: "\(name) lies outside the file") }
        return Entry(type: type, shape: shape, begin: offsets[0])
    }
}

extension JSONValue {
    /// A non-negative integer.
    fileprivate var index: Int? {
        guard case .integer(let value) = self, value >= 0 else { return nil }
        return Int(exactly: value)
    }
}
