import Kernels
import Orchestration
import Vectors

/// A file of vectors that the user named, mapped and checked.
struct VectorSource {
    let path: String
    /// The file's size.
    let byteCount: Int
    let file: VectorFile

    init(_ path: String) throws {
        self.path = path
        let mapped: MappedFile
        do throws(MappingError) {
            mapped = try MappedFile(path: path)
        } catch {
            throw Failure(error, file: path)
        }
        byteCount = mapped.byteCount
        do throws(VectorFileError) {
            file = try VectorFile(.mapped(mapped))
        } catch {
            throw Failure(error, file: path)
        }
    }

    /// The vectors.
    func rows() throws -> StoredRows {
        do throws(VectorFileError) {
            return try file.rows()
        } catch {
            throw Failure(error, file: path)
        }
    }

    /// What the file says its vectors are ranked by; only a FAISS index does.
    var metric: VectorMetric? {
        guard case .faiss(let index) = file else { return nil }
        return index.layout.metric == .innerProduct ? .innerProduct : .euclidean
    }
}
