import ArgumentParser
import Vectors

/// The kinds of FAISS index that are written.
enum FaissKind: String, ExpressibleByArgument, CaseIterable {
    case flat
    case lists = "ivf-flat"
    case bytes = "sq8"
    case halves = "sq-fp16"
}

extension FaissLayout {
    /// What FAISS calls an index of this kind.
    var name: String {
        let inner =
            switch storage {
            case .flat: metric == .innerProduct ? "IndexFlatIP" : "IndexFlatL2"
            case .lists: "IndexIVFFlat"
            case .codes: "IndexScalarQuantizer"
            case .graph: "IndexHNSWFlat"
            }
        return switch identifiers {
        case .rowNumbers: inner
        case .map: "IndexIDMap over \(inner)"
        case .map2: "IndexIDMap2 over \(inner)"
        }
    }
}
