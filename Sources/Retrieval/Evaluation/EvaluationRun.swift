public import Foundation
internal import StrictJSON

/// What was found for one query.
public struct QueryResult: Sendable, Equatable, Encodable {
    /// The query's name.
    public let id: String
    /// What kind of text it was taken for.
    public let shape: QueryShape
    /// What its author says it is; nil where that is not told.
    public let kind: String?
    /// How well it was answered.
    public let figures: RankingMeasures
    /// How well each channel would have answered it alone.
    public let channels: [SearchChannel: RankingMeasures]
    /// The documents that answer it.
    public let relevant: [String]
    /// The first ten documents found.
    public let found: [String]
}

/// A set of queries, asked and measured; saved as JSON, it can be compared with a later run.
public struct EvaluationRun: Sendable, Equatable, Encodable {
    /// What was asked: the set's folder or the file of queries, by its last name.
    public var set: String
    /// How it was searched, after any degradation.
    public var mode: SearchRequest.Mode
    /// The embedder's fingerprint; nil where words alone were searched.
    public var embedder: String?
    /// What the fusion was weighted by.
    public var parameters: RankingParameters
    /// Documents that could be found.
    public var documents: Int
    /// Passages that could be found.
    public var chunks: Int
    /// Each query's outcome, in the order of the set.
    public var results: [QueryResult]
    /// What fell short, in sentences.
    public var degraded: [String]
    /// What was odd in the set, in sentences.
    public var notes: [String]
    /// The time of everything, reading and indexing included.
    public var seconds: Double
    /// The time of all searches.
    public var searchSeconds: Double

    enum CodingKeys: String, CodingKey {
        case set, mode, embedder, parameters, documents, chunks, results, degraded, notes, seconds
        case searchSeconds = "search_seconds"
    }

    /// The figures over all queries.
    public var figures: MeanMeasures { MeanMeasures(results.map(\.figures)) }

    /// The figures that each channel has alone; a query that it did not look at counts 0.
    public var channels: [SearchChannel: MeanMeasures] {
        let names = Set(results.flatMap(\.channels.keys))
        return Dictionary(
            uniqueKeysWithValues: names.map { name in
                (name, MeanMeasures(results.map { $0.channels[name] ?? .zero }))
            })
    }

    /// The figures of each shape of query.
    public var shapes: [QueryShape: MeanMeasures] {
        Dictionary(grouping: results, by: \.shape).mapValues { MeanMeasures($0.map(\.figures)) }
    }

    /// The figures of each kind that the queries' author tells; none where none is told.
    public var kinds: [String: MeanMeasures] {
        Dictionary(grouping: results.filter { $0.kind != nil }) { $0.kind ?? "" }
            .mapValues { MeanMeasures($0.map(\.figures)) }
    }
}

extension EvaluationRun {
    /// Every table row's name and figures: all queries, channels alone, shapes, kinds.
    public var rows: [(name: String, figures: MeanMeasures)] {
        func named(_ rows: [(String, MeanMeasures)]) -> [(name: String, figures: MeanMeasures)] {
            rows.sorted { $0.0 < $1.0 }.map { (name: $0.0, figures: $0.1) }
        }
        return named([("all", figures)])
            + named(channels.map { ("\($0.rawValue) alone", $1) })
            + named(shapes.map { ("shape \($0.rawValue)", $1) })
            + named(kinds.map { ("kind \($0)", $1) })
    }

    /// The run as `--save` writes it.
    public func fileBytes() throws -> Data {
        try StrictJSON.encode(self, pretty: true) + [0x0A]
    }
}
