import Kernels
import Orchestration
import Vectors

/// The rows of a file or an index in their order, block after block.
struct RowSequence {
    let count, dimension: Int
    /// Their names; empty where they are named by their numbers.
    let ids: [Int64]
    /// What FAISS calls such names.
    let identifiers: FaissIdentifiers

    private let makeBlocks: (Int) -> AnySequence<FloatRows>

    init(_ base: VectorBase) throws {
        switch base {
        case .file(let source):
            let rows = try source.rows()
            (count, dimension) = (rows.count, rows.dimension)
            makeBlocks = { AnySequence(rows.blocks(of: $0)) }
            if case .faiss(let index) = source.file, index.layout.identifiers != .rowNumbers {
                (ids, identifiers) = (index.allIDs, index.layout.identifiers)
            } else {
                (ids, identifiers) = ([], .rowNumbers)
            }
        case .index(let file, let path):
            let index = file.index
            (count, dimension) = (index.count, index.dimension)
            let keys = index.allKeys.map { Int64(bitPattern: $0.rawValue) }
            let isNumbered = keys.indices.allSatisfy { keys[$0] == Int64($0) }
            (ids, identifiers) = isNumbered ? ([], .rowNumbers) : (keys, .map2)
            guard file.isIntact() else { throw Failure(IndexError.damaged, file: path) }
            makeBlocks = { size in
                do throws(IndexError) {
                    return AnySequence(try index.blocks(of: size))
                } catch {
                    preconditionFailure("the index was whole: \(error)")
                }
            }
        }
    }

    /// The rows in blocks of at most `size`.
    func blocks(of size: Int) -> AnySequence<FloatRows> { makeBlocks(size) }
}
