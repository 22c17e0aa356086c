public import ArgumentParser
public import Vectors

extension VectorMetric: ExpressibleByArgument {
    /// By its name on the command line.
    public init?(argument: String) {
        guard let metric = Self.allCases.first(where: { $0.name == argument }) else { return nil }
        self = metric
    }

    /// The names, for the help and for errors.
    public static var allValueStrings: [String] { allCases.map(\.name) }

    /// Its name on the command line and in replies.
    var name: String {
        switch self {
        case .innerProduct: "inner-product"
        case .cosine: "cosine"
        case .euclidean: "euclidean"
        }
    }
}

/// How rows are found.
enum VectorMethod: String, ExpressibleByArgument, CaseIterable {
    case auto, exact, graph

    var wanted: SearchMethod {
        switch self {
        case .auto: .automatic
        case .exact: .exact
        case .graph: .graph
        }
    }
}
