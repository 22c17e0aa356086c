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
    /// One tensor's place.
    private struct Entry {
        let shape: [Int]
        let begin: Int
    }

    private static let headerLimit = 1 << 20

    private let path: String
    private let file: MappedFile
    private let dataOffset: Int
    private var entries: [String: Entry] = [:]

    /// Maps the file and checks its header.
    ///
    /// - Throws: `.modelMissing`, `.unreadable`, `.malformed`. Tensors of other types than F32 and
    ///   metadata are not an error; they are left out.
    init(path: String) throws(EmbeddingError) {
        self.path = path
        do {
            file = try MappedFile(path: path)
        } catch .system(_, ENOENT) {
            throw .modelMissing(path: path)
        } catch {
            throw .unreadable(path: path, error)
        }
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
    /// - Throws: `.malformed` where it is missing or of another shape.
    func floats(_ name: String, shape: [Int]) throws(EmbeddingError) -> MappedFloats {
        guard let entry = entries[name] else {
            throw .malformed(path: path, reason: "no tensor \(name)")
        }
        guard entry.shape == shape else {
            throw .malformed(path: path, reason: "\(name) has shape \(entry.shape), not \(shape)")
        }
        let count = shape.reduce(1, *)
        guard
            let floats = MappedFloats(
                file: file, byteOffset: dataOffset + entry.begin, count: count)
        else { throw .malformed(path: path, reason: "\(name) lies outside the file") }
        return floats
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
        for (name, tensor) in tensors where name != "__metadata__" {
            guard tensor["dtype"]?.string == "F32" else { continue }
            entries[name] = try entry(name, tensor)
        }
    }

    private func entry(_ name: String, _ tensor: JSONValue) throws(EmbeddingError) -> Entry {
        let shape = tensor["shape"]?.array?.compactMap(\.index) ?? []
        let offsets = tensor["data_offsets"]?.array?.compactMap(\.index) ?? []
        guard shape.count == tensor["shape"]?.array?.count, offsets.count == 2,
            tensor["data_offsets"]?.array?.count == 2
        else {
            throw .malformed(path: path, reason: "\(name) has no usable shape or offsets")
        }
        var byteCount = MemoryLayout<Float>.size
        for extent in shape {
            let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw .malformed(path: path, reason: "\(name) is too large") }
            byteCount = product
        }
        guard offsets[0] <= offsets[1], offsets[1] <= file.byteCount - dataOffset,
            offsets[1] - offsets[0] == byteCount
        else { throw .malformed(path: path, reason: "\(name) lies outside the file") }
        return Entry(shape: shape, begin: offsets[0])
    }
}

extension JSONValue {
    /// A non-negative integer.
    fileprivate var index: Int? {
        guard case .integer(let value) = self, value >= 0 else { return nil }
        return Int(exactly: value)
    }
}
