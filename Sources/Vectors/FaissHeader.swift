/// How every FAISS index begins: four letters that name its kind, and its shape.
///
/// `FaissFile` tells the layout.
struct FaissHeader {
    let code: String
    let dimension: Int
    let count: Int
    let metric: FaissMetric

    /// What the reader takes, for errors.
    static let supported =
        "IndexFlatIP, IndexFlatL2, and IndexIDMap or IndexIDMap2 over them (IxFI, IxF2, IxFl, IxMp, IxM2)"

    /// Reads four letters and a header.
    ///
    /// - Parameters:
    ///   - reader: stands at the first letter, and afterwards behind the header.
    ///   - isNested: whether it stands below a map of ids. FAISS can put no vector into a map of
    ///     ids over another one, so that only a flat index is read there.
    /// - Throws: `VectorFileError`.
    init(from reader: inout ByteReader, isNested: Bool) throws(VectorFileError) {
        let start = reader.offset
        code = try Self.code(from: &reader)
        guard isNested ? Self.flat.contains(code) : Self.known.contains(code) else {
            let place = isNested ? " below a map of ids" : ""
            throw .unsupported(
                offset: start, found: Self.name(of: code) + place, supported: Self.supported)
        }
        dimension = try Self.dimension(from: &reader)
        count = try Self.count(from: &reader)
        try reader.skip(count: 2, of: 8, "two numbers that FAISS ignores")
        try Self.checkTrained(from: &reader)
        metric = try Self.metric(of: code, from: &reader)
    }

    /// Refuses a map of ids whose own header, this one, differs from that of the index below.
    ///
    /// - Throws: `.unexpected`.
    func requireSameShape(as inner: FaissHeader, at offset: Int) throws(VectorFileError) {
        guard
            (dimension, count, metric) == (inner.dimension, inner.count, inner.metric)
        else {
            func told(_ header: FaissHeader) -> String {
                "an index of \(header.count) × \(header.dimension) with metric \(header.metric.rawValue)"
            }
            throw .unexpected(offset: offset, expected: told(self), found: told(inner))
        }
    }

    private static let flat: Set<String> = ["IxFI", "IxF2", "IxFl"]
    private static let known = flat.union(["IxMp", "IxM2"])

    private static func code(from reader: inout ByteReader) throws(VectorFileError) -> String {
        let letters = try reader.bytes(4, "four letters that name the index's kind")
        guard letters.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return "0x"
                + letters.map { byte in
                    (byte < 16 ? "0" : "") + String(byte, radix: 16)
                }.joined()
        }
        return String(decoding: letters, as: UTF8.self)
    }

    private static func dimension(from reader: inout ByteReader) throws(VectorFileError) -> Int {
        let start = reader.offset
        let value: Int32 = try reader.integer("the length of a vector")
        let range = 1...VectorFile.dimensionLimit
        guard range.contains(Int(value)) else {
            throw .unexpected(
                offset: start,
                expected: "the length of a vector, \(range.lowerBound) to \(range.upperBound)",
                found: "\(value)")
        }
        return Int(value)
    }

    private static func count(from reader: inout ByteReader) throws(VectorFileError) -> Int {
        let start = reader.offset
        let value: Int64 = try reader.integer("the number of vectors")
        guard value >= 0 else {
            throw .unexpected(
                offset: start, expected: "the number of vectors, at least 0", found: "\(value)")
        }
        return Int(value)
    }

    private static func checkTrained(from reader: inout ByteReader) throws(VectorFileError) {
        let start = reader.offset
        let value: UInt8 = try reader.integer("whether the index is trained")
        guard value <= 1 else {
            throw .unexpected(
                offset: start, expected: "whether the index is trained, 0 or 1", found: "\(value)")
        }
    }

    private static func metric(
        of code: String, from reader: inout ByteReader
    ) throws(VectorFileError) -> FaissMetric {
        let start = reader.offset
        let value: Int32 = try reader.integer("the metric")
        guard let metric = FaissMetric(rawValue: value) else {
            throw .unsupported(
                offset: start, found: "metric \(value)",
                supported: "metrics 0 (inner product) and 1 (L2)")
        }
        guard metric.code == code || !FaissMetric.allCases.map(\.code).contains(code) else {
            throw .unexpected(
                offset: start, expected: "the metric of \(code)", found: "\(value)")
        }
        return metric
    }

    /// What a code means, where that is known.
    private static func name(of code: String) -> String {
        let reversed = String(code.reversed())
        if known.contains(reversed) { return "\(code), an index in big-endian order," }
        return names[code].map { "\(code) (\($0))" } ?? code
    }

    private static let names = [
        "IxMp": "IndexIDMap", "IxM2": "IndexIDMap2", "null": "no index",
        "IHNf": "IndexHNSWFlat", "IHNs": "IndexHNSWSQ", "IHNp": "IndexHNSWPQ",
        "IwFl": "IndexIVFFlat", "IwSq": "IndexIVFScalarQuantizer", "IwPQ": "IndexIVFPQ",
        "IxSQ": "IndexScalarQuantizer", "IxPq": "IndexPQ", "IxPT": "IndexPreTransform",
        "IxRF": "IndexRefine", "IBxF": "IndexBinaryFlat",
    ]
}
