import ArgumentParser
import Kernels
import Vectors

extension VectorsCommand {
    struct Build: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "build", abstract: "Make an index of a file's rows, in a folder.",
            discussion: """
                Rows are named by their numbers, from 0. An index that is there already is replaced \
                once the new one is whole on the disk.
                """)

        @OptionGroup var options: GlobalOptions
        @Argument(help: "The file with the rows.", completion: .file()) var base: String
        @Option(
            name: [.short, .long], help: "The folder of the index; made where missing.",
            completion: .directory)
        var output: String
        @Option(help: "What near means; else the FAISS file's own, else inner-product.")
        var metric: VectorMetric?

        func run() throws {
            try IndexBuild(base, to: output, metric: metric, usesIDs: false).report(options)
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Make an index of a FAISS file, with its ids.",
            discussion: """
                Rows keep the ids of an IndexIDMap, IndexIDMap2 or IndexIVFFlat; others are named \
                by their numbers, as FAISS does. Those of an IndexScalarQuantizer are as FAISS \
                reconstructs them. The graph of an IndexHNSWFlat is made anew.
                """)

        @OptionGroup var options: GlobalOptions
        @Argument(help: "The FAISS file.", completion: .file()) var base: String
        @Option(
            name: [.short, .long], help: "The folder of the index; made where missing.",
            completion: .directory)
        var output: String

        func run() throws {
            try IndexBuild(base, to: output, metric: nil, usesIDs: true).report(options)
        }
    }
}
