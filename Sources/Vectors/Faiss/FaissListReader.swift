internal import Kernels

/// The lists of an `IndexIVFFlat`, each checked to lie within its file.
///
/// `FaissFile` tells the layout. What tells FAISS where an id lies (the direct map) follows from the
/// lists, and is stepped over.
struct FaissListReader {
    let listCount: Int
    /// Each row's id and where it starts, list after list.
    private var entries: [(id: Int64, place: Int)] = []

    /// Reads all that stands behind the header.
    ///
    /// - Throws: `VectorFileError`.
    init(_ header: FaissHeader, from reader: inout ByteReader) throws(VectorFileError) {
        let start = reader.offset
        let count: UInt64 = try reader.integer("the number of lists")
        guard let listCount = Int32(exactly: count), listCount > 0 else {
            throw .unexpected(
                offset: start, expected: "the number of lists, 1 to \(Int32.max)",
                found: "\(count)")
        }
        self.listCount = Int(listCount)
        try reader.skip(count: 1, of: 8, "how many lists a search looks at")
        try skipQuantizer(header, &reader)
        try skipDirectMap(&reader)
        try readLists(header, &reader)
    }

    /// The rows and their ids, rising; equal ids as they come.
    func rows(of dimension: Int, in bytes: StoredBytes) -> (StoredRows, [Int64]) {
        // By place too, so that the order is one.
        let sorted = entries.sorted { ($0.id, $0.place) < ($1.id, $1.place) }
        guard
            let rows = StoredRows(
                bytes, places: sorted.map(\.place), dimension: dimension, element: .float)
        else { preconditionFailure("the reader stepped over the vectors") }
        return (rows, sorted.map(\.id))
    }

    private func skipQuantizer(
        _ header: FaissHeader, _ reader: inout ByteReader
    ) throws(VectorFileError) {
        let start = reader.offset
        let quantizer = try FaissHeader(from: &reader, at: .quantizer)
        // One that is not trained has no points yet.
        let isTrained = header.count > 0 || quantizer.count > 0
        guard quantizer.dimension == header.dimension,
            quantizer.count == (isTrained ? listCount : 0)
        else {
            throw .unexpected(
                offset: start, expected: "a quantizer of \(listCount) × \(header.dimension)",
                found: "one of \(quantizer.count) × \(quantizer.dimension)")
        }
        _ = try reader.flatRows(quantizer)
    }

    private func skipDirectMap(_ reader: inout ByteReader) throws(VectorFileError) {
        let start = reader.offset
        let type: UInt8 = try reader.integer("the type of the direct map")
        guard type <= 2 else {
            throw .unexpected(
                offset: start, expected: "the type of the direct map, 0 to 2", found: "\(type)")
        }
        _ = try reader.items(of: 8, "the direct map")
        if type == 2 { _ = try reader.items(of: 16, "the pairs of the direct map") }
    }

    private mutating func readLists(
        _ header: FaissHeader, _ reader: inout ByteReader
    ) throws(VectorFileError) {
        let start = reader.offset
        let kind = try reader.letters("how the lists are stored")
        guard kind == "ilar" else {
            throw .unsupported(
                offset: start, found: Self.kinds[kind].map { "\(kind) (\($0))" } ?? kind,
                supported: "lists in the file itself (ilar)")
        }
        try reader.require(UInt64(listCount), "the number of lists")
        try reader.require(UInt64(4 * header.dimension), "the size of a vector")
        let sizes = try listSizes(&reader)
        var room = UInt64(header.count)
        for list in 0..<sizes.count {
            let place = sizes.start + list * sizes.stride
            let size: UInt64 = reader.bytes.integer(at: place)
            // FAISS counts rows, too, that it could not give to a list.
            guard size <= room else {
                throw .unexpected(
                    offset: place, expected: "the size of a list, at most \(room)",
                    found: "\(size)")
            }
            room -= size
            let rows = try reader.skip(
                count: size, of: 4 * header.dimension, "the vectors of a list")
            let ids = try reader.skip(count: size, of: 8, "the ids of a list")
            for row in 0..<Int(size) {
                entries.append(
                    (
                        id: reader.bytes.integer(at: ids + 8 * row),
                        place: rows + 4 * header.dimension * row
                    ))
            }
        }
    }

    /// Where the sizes of lists stand: of all, or of those that are not empty behind their numbers.
    private func listSizes(
        _ reader: inout ByteReader
    ) throws(VectorFileError) -> (start: Int, stride: Int, count: Int) {
        let start = reader.offset
        let kind = try reader.letters("how the sizes of the lists are stored")
        switch kind {
        case "full":
            try reader.requireCount(UInt64(listCount), of: "sizes")
            let sizes = try reader.skip(count: UInt64(listCount), of: 8, "the sizes of the lists")
            return (sizes, 8, listCount)
        case "sprs":
            let (first, count) = try reader.items(of: 8, "the lists' numbers and sizes")
            guard count % 2 == 0 else {
                throw .unexpected(
                    offset: start + 4, expected: "the number of the lists' numbers and sizes, even",
                    found: "\(count)")
            }
            var next = UInt64(0)
            for place in stride(from: first, to: first + 8 * count, by: 16) {
                let list: UInt64 = reader.bytes.integer(at: place)
                guard list >= next, list < UInt64(listCount) else {
                    throw .unexpected(
                        offset: place, expected: "a list's number, \(next) to \(listCount - 1)",
                        found: "\(list)")
                }
                next = list + 1
            }
            return (first + 8, 16, count / 2)
        default:
            throw .unexpected(
                offset: start, expected: "the sizes of the lists, full or sprs", found: kind)
        }
    }

    private static let kinds = [
        "il00": "no lists", "ilod": "lists in a file of their own", "ilp2": "Panorama lists",
        "ilpn": "Panorama lists", "ilbs": "block lists",
    ]
}
