import Foundation
import Kernels
import Orchestration
import Vectors

/// What the user named to be searched, described or exported: a file of vectors, or the folder of an
/// index.
enum VectorBase {
    case file(VectorSource)
    case index(IndexFile<VectorKey>, path: String)

    init(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            isFolder.boolValue
        else {
            self = .file(try VectorSource(path))
            return
        }
        do throws(VectorFileError) {
            let file = try IndexFile<VectorKey>(opening: path)
            for notice in file.notices { Console.note("conductor: \(path): \(notice)") }
            self = .index(file, path: path)
        } catch {
            throw Failure(error, index: path)
        }
    }

    var path: String {
        switch self {
        case .file(let source): source.path
        case .index(_, let path): path
        }
    }

    /// What it says its vectors are ranked by.
    var metric: VectorMetric? {
        switch self {
        case .file(let source): source.metric
        case .index(let file, _): file.index.metric
        }
    }

    /// The greatest row number that may be true, plus one; nil where rows have names of their own.
    func rowCount() throws -> Int? {
        switch self {
        case .file(let source): try source.rows().count
        case .index: nil
        }
    }
}
