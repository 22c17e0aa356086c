/// How every FAISS index begins: four letters that name its kind, and its shape.
///
/// `FaissFile` tells the layout.
struct FaissHeader {
    let code: String
    let dimension: Int
    let count: Int
    let metric: FaissMetric

    /// Where an index stands, which decides what it may be.
    enum Place: String {
        case top = ""
        /// FAISS can put no vector into a map of ids over another one.
        case belowMap = " below a map of ids"
        case quantizer = " as the quantizer of an IndexIVFFlat"
        case graphStorage = " below an IndexHNSWFlat"

        /// The kinds that are read there.
        fileprivate var kinds: Set<String> {
            switch self {
            case .top: FaissHeader.known
            case .belowMap: FaissHeader.known.subtracting(["IxMp", "IxM2"])
            case .quantizer, .graphStorage: FaissHeader.flat
            }
        }

        /// The same in words, for errors.
        fileprivate var supported: String {
            switch self {
            case .top, .belowMap: FaissHeader.supported
            case .quantizer, .graphStorage: "IndexFlat there (IxFI, IxF2, IxFl)"
            }
        }
    }

    /// What the reader takes, for errors.
    static let supported =
        "IndexFlatIP, IndexFlatL2, IndexIVFFlat, IndexScalarQuantizer, IndexHNSWFlat, and IndexIDMap "
        + "or IndexIDMap2 over them (IxFI, IxF2, IxFl, IwFl, IxSQ, IHNf, IxMp, IxM2)"

    /// Reads four letters and a header.
    ///
    /// - Parameters:
    ///   - reader: stands at the first letter, and afterwards behind the header.
    ///   - place: where it stands.
    /// - Throws: `VectorFileError`.
    init(from reader: inout ByteReader, at place: Place) throws(VectorFileError) {
        let start = reader.offset
        code = try reader.letters("four letters that name the index's kind")
        guard place.kinds.contains(code) else {
            throw .unsupported(
                offset: start, found: Self.name(of: code) + place.rawValue,
                supported: place.supported)
        }
        dimension = try Self.dimension(from: &reader)
        count = try Self.count(from: &reader)
        try reader.skip(count: 2, of: 8, "two numbers that FAISS ignores")
        try Self.checkTrained(from: &reader)
        metric = try Self.metric(of: code, from: &reader)
    }

    /// Refuses an index whose own header, this one, differs from that of the index below.
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
    private static let known = flat.union(["IwFl", "IxSQ", "IHNf", "IxMp", "IxM2"])

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
        "IwFl": "IndexIVFFlat", "IxSQ": "IndexScalarQuantizer", "IHNf": "IndexHNSWFlat",
        "IHNs": "IndexHNSWSQ", "IHNp": "IndexHNSWPQ", "IHc2": "IndexHNSWCagra",
        "IHfP": "IndexHNSWFlatPanorama", "IvFl": "IndexIVFFlat of an old FAISS",
        "IvFL": "IndexIVFFlat of an old FAISS", "IwFd": "IndexIVFFlatDedup",
        "IwSq": "IndexIVFScalarQuantizer", "IwPQ": "IndexIVFPQ",
        "IxPq": "IndexPQ", "Imiq": "MultiIndexQuantizer", "IxPT": "IndexPreTransform",
        "IxRF": "IndexRefine", "IBxF": "IndexBinaryFlat",
    ]
}
