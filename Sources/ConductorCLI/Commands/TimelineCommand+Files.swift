import ArgumentParser
import Store

extension TimelineCommand {
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Hold the file against the database; exit code 3 means they differ.")
        @OptionGroup var options: TimelineOptions

        func run() throws {
            let memory = try Settings(options).memory
            let check = try MemoryReader(memory).checkTimeline(memory)
            if options.json {
                try Console.print(json: check)
            } else {
                Console.print("\(check.events) events, \(check.malformed) malformed lines")
                for line in check.altered { Console.print("line \(line) is not what was written") }
                for number in check.brokenChain {
                    Console.print("event \(number) breaks the chain")
                }
                if check.missing > 0 { Console.print("the file lacks \(check.missing) lines") }
            }
            if !check.isClean { throw ExitCode(3) }
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Bring in the lines of another NDJSON timeline.",
            discussion: "Lines that are no events are kept in the memory and counted.")
        @OptionGroup var options: TimelineOptions
        @Argument(help: "The file.", completion: .file()) var file: String

        func run() throws {
            let bytes = try NamedFile.bytes(of: file)
            let result = try MemoryWriter.noting(options).importTimeline(bytes)
            if options.json { return try Console.print(json: result) }
            Console.print(
                "\(result.imported) events imported, \(result.known) known already, "
                    + "\(result.malformed) malformed lines kept")
        }
    }
}
