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
    private let copyRow: (Int) -> [Float]

    init(_ base: VectorBase) throws {
        switch base {
        case .file(let source):
            let rows = try source.rows()
            (count, dimension) = (rows.count, rows.dimension)
            makeBlocks = { AnySequence(rows.blocks(of: $0)) }
            copyRow = { rows.rows($0..<$0 + 1).values }
            if case .faiss(let index) = source.file, !index.isNumbered {
                let isMapped = index.layout.identifiers != .rowNumbers
                (ids, identifiers) = (index.allIDs, isMapped ? index.layout.identifiers : .map2)
            } else {
                (ids, identifiers) = ([], .rowNumbers)
            }
        case .index(let file, let path):
            let index = file.index
            (count, dimension) = (index.count, index.dimension)
            let allKeys = index.allKeys
            let keys = allKeys.map { Int64(bitPattern: $0.rawValue) }
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
            copyRow = { number in
                do throws(IndexError) {
                    return try index.row(allKeys[number]) ?? []
                } catch {
                    preconditionFailure("the index was whole: \(error)")
                }
            }
        }
    }

    /// The rows in blocks of at most `size`.
    func blocks(of size: Int) -> AnySequence<FloatRows> { makeBlocks(size) }

    /// Copies out the rows of some numbers.
    func rows(_ numbers: [Int]) -> FloatRows {
        FloatRows(dimension: dimension, values: numbers.flatMap(copyRow))
    }
}
