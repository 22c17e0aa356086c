import ArgumentParser

extension VectorsCommand {
    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info",
            abstract: "Describe an index or file: format, shape, norms, spectrum.",
            discussion: """
                The effective dimension is (Σλ)² / Σλ² over the eigenvalues of the covariance: how \
                many directions would carry the whole spread were it shared evenly.
                """)

        @OptionGroup var options: GlobalOptions
        @Argument(help: "The index (a folder) or the file.", completion: .file()) var file: String

        func run() throws {
            let report = try VectorReport(VectorBase(file))
            if options.json { return try Console.print(json: report) }
            Console.print(Console.safe(report.lines.joined(separator: "\n")))
        }
    }
}
