import Foundation
import Kernels
import Vectors

/// What `vectors info` tells of a file.
struct VectorReport: Encodable {
    let path, format, numberType: String
    /// The kind of a FAISS index.
    let index: String?
    /// How many lists an IVF index has, and what finds them or makes the codes.
    private(set) var lists: Int?, quantizer: String?
    let metric: String?
    let count, dimension, byteCount: Int
    /// Whether an index keeps 4-bit codes; nil for a file.
    let isCoded: Bool?
    /// An index's graph.
    let graph: GraphReport?
    /// Nil where the file holds integers.
    let survey: VectorSurvey?

    enum CodingKeys: String, CodingKey {
        case path, format, index, lists, quantizer, metric, count, dimension
        case numberType = "number_type"
        case byteCount = "bytes"
        case isCoded = "coded"
        case graph
    }

    init(_ base: VectorBase) throws {
        path = base.path
        metric = base.metric?.name
        switch base {
        case .index(let file, _):
            (format, numberType, index) = ("index", "float32", nil)
            byteCount = file.byteCount
            isCoded = file.index.isCoded
            graph = GraphReport(file.index)
        case .file(let source):
            byteCount = source.byteCount
            (isCoded, graph) = (nil, nil)
            switch source.file {
            case .numpy(let array):
                (format, numberType, index) = ("npy", Self.name(of: array.numberType), nil)
                if array.numberType == .int64 {
                    dimension = array.shape[array.shape.count - 1]
                    count = array.shape.count == 1 ? 1 : array.shape[0]
                    survey = nil
                    return
                }
            case .fvecs: (format, numberType, index) = ("fvecs", "float32", nil)
            case .faiss(let faiss):
                format = "faiss"
                index = faiss.layout.name
                switch faiss.layout.storage {
                case .flat, .graph: numberType = "float32"
                case .lists(let count):
                    numberType = "float32"
                    (lists, quantizer) = (count, "IndexFlat")
                case .codes(let type):
                    numberType = type.name
                    quantizer = type.name
                }
            }
        }
        let rows = try RowSequence(base)
        (count, dimension) = (rows.count, rows.dimension)
        survey = VectorSurvey(rows)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(path, forKey: .path)
        try container.encode(format, forKey: .format)
        try container.encodeIfPresent(index, forKey: .index)
        try container.encodeIfPresent(lists, forKey: .lists)
        try container.encodeIfPresent(quantizer, forKey: .quantizer)
        try container.encodeIfPresent(metric, forKey: .metric)
        try container.encode(numberType, forKey: .numberType)
        try container.encode(count, forKey: .count)
        try container.encode(dimension, forKey: .dimension)
        try container.encode(byteCount, forKey: .byteCount)
        try container.encodeIfPresent(isCoded, forKey: .isCoded)
        try container.encodeIfPresent(graph, forKey: .graph)
        try survey?.encode(to: encoder)
    }

    /// The report for people, a fact a line.
    var lines: [String] {
        var lines = [
            "file       \(path), \(byteCount) bytes",
            "format     \(([format] + [index, metric].compactMap(\.self)).joined(separator: ", "))",
            "vectors    \(count) × \(dimension), \(numberType)",
        ]
        if let lists { lines.append("lists      \(lists)") }
        if let isCoded { lines.append("codes      \(isCoded ? "4 bits a value" : "none")") }
        if let graph { lines += graph.lines }
        guard let survey else { return lines }
        let first = survey.firstNotFinite.map { ", the first is row \($0)" } ?? ""
        lines.append("not finite \(survey.notFinite) rows\(first)")
        if let least = survey.leastNorm, let greatest = survey.greatestNorm {
            lines.append(String(format: "norms      %.6g to %.6g", least, greatest))
        }
        if let spectrum = survey.spectrum {
            lines.append(
                String(format: "spectrum   effective dimension %.1f", spectrum.effectiveDimension)
                    + "; 90 % in \(spectrum.directions90) directions, 99 % in "
                    + "\(spectrum.directions99); from \(spectrum.sample) rows")
        }
        return lines
    }

    private static func name(of type: NumpyArray.NumberType) -> String {
        switch type {
        case .float: "float32"
        case .half: "float16"
        case .int64: "int64"
        }
    }
}
