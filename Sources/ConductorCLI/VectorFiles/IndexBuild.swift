import Foundation
import Kernels
import Orchestration
import Vectors

/// An index that was made from a file and written into a folder.
struct IndexBuild {
    let output, metric: String
    let count, dimension, byteCount: Int
    let seconds: Double
    /// How many rows a search for 10 follows through the graph; nil without one.
    let depth: Int?

    /// A graph over fewer rows spares nothing.
    private static let leastGraph = 64

    init(_ base: String, to output: String, metric: VectorMetric?, usesIDs: Bool) throws {
        let start = ContinuousClock.now
        let source = try VectorSource(base)
        if usesIDs {
            guard case .faiss = source.file else {
                throw Failure(
                    code: "NOT_FAISS", message: "\(base): not a FAISS file",
                    next: "conductor vectors build \(base) -o \(output)", exitCode: .failure)
            }
        }
        var index = try VectorIndex(
            source, metric: metric ?? source.metric ?? .innerProduct, usesIDs: usesIDs)
        let bar = ProgressBar()
        defer { bar.finish() }
        if index.count >= Self.leastGraph {
            do throws(IndexError) {
                let count = index.count
                try index.buildGraph { bar.show("linking", done: $0, total: count) }
            } catch {
                throw Failure(error, file: base)
            }
        }
        depth = index.learnedDepth?.points.first?.depth
        let total = index.byteCount
        do throws(VectorFileError) {
            let file = try IndexFile(writing: index, to: output) { done in
                bar.show("writing", done: min(done, total), total: total)
            }
            byteCount = file.byteCount
        } catch {
            throw Failure(error, index: output)
        }
        self.output = output
        self.metric = index.metric.name
        (count, dimension) = (index.count, index.dimension)
        seconds = (ContinuousClock.now - start) / .seconds(1)
    }

    func report(_ options: GlobalOptions) throws {
        if options.json { return try Console.print(json: self) }
        Console.print(
            Console.safe(
                "\(output): \(count) × \(dimension), \(metric), \(byteCount) bytes, "
                    + String(format: "%.2f s", seconds)))
    }
}

extension IndexBuild: Encodable {
    enum CodingKeys: String, CodingKey {
        case output, metric, count, dimension, seconds, depth
        case byteCount = "bytes"
    }
}
