import ArgumentParser
import Kernels
import Vectors

extension VectorsCommand {
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Write the rows of an index or file as .npy, .fvecs or .faiss.",
            discussion: """
                Values are float32; those of a cosine index have length 1. In a FAISS file rows \
                keep the ids of a FAISS file or imported index; otherwise they are named by their \
                number. It is a flat index; with --type ivf-flat an IndexIVFFlat with as many lists \
                as the square root of the rows; with sq8 or sq-fp16 an IndexScalarQuantizer, which \
                rounds values.
                """)

        @OptionGroup var options: GlobalOptions
        @Argument(help: "The index (a folder) or file that is read.", completion: .file())
        var base: String
        @Option(
            name: [.short, .long], help: "The new file; its name ends in .npy, .fvecs or .faiss.",
            completion: .file())
        var output: String
        @Option(help: "What a FAISS file ranks by: inner-product or euclidean; else as BASE does.")
        var metric: VectorMetric?
        @Option(help: "What a FAISS file is.") var type: FaissKind?

        func validate() throws {
            guard let format = VectorExport.Format(path: output) else {
                throw ValidationError("The name of -o ends in .npy, .fvecs or .faiss.")
            }
            guard metric == nil && type == nil || format == .faiss else {
                throw ValidationError("--metric and --type are for a .faiss file.")
            }
            guard metric != .cosine else {
                throw ValidationError("FAISS has no cosine: inner-product or euclidean.")
            }
        }

        func run() throws {
            guard let format = VectorExport.Format(path: output) else {
                preconditionFailure("validate has seen the name")
            }
            let source = try VectorBase(base)
            let isEuclidean = (metric ?? source.metric) == .euclidean
            let export = try VectorExport(
                source, as: format, kind: type ?? .flat,
                metric: isEuclidean ? .squaredDistance : .innerProduct)
            try export.write(to: output)
            if export.dropsIDs {
                Console.note("conductor: \(output) names rows by their number; ids were left out")
            }
            let reply = Reply(
                output: output, format: format.rawValue, count: export.rows.count,
                dimension: export.rows.dimension)
            if options.json { return try Console.print(json: reply) }
            Console.print("\(output): \(reply.count) × \(reply.dimension)")
        }

        private struct Reply: Encodable {
            let output, format: String
            let count, dimension: Int
        }
    }
}
