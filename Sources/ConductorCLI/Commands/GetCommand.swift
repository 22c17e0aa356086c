import ArgumentParser
import Retrieval
import Store

struct GetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Show lines of a file as it is now, with their numbers.",
        discussion: "TARGET is PATH, PATH:LINE, PATH:LINE:COUNT, PATH:START-END or '#docid'.")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "What to show.", completion: .file())
    var target: String

    func run() throws {
        let settings = try Settings(options)
        let excerpt = try FileExcerpt.read(
            ExcerptRequest(target), paths: settings.paths, reader: try reader(settings))
        if options.json { return try Console.print(json: excerpt) }
        let width = String(excerpt.endLine).count
        let lines = excerpt.text.split(separator: "\n", omittingEmptySubsequences: false)
        guard excerpt.endLine >= excerpt.startLine else { return }
        for (offset, line) in lines.enumerated() {
            let number = String(excerpt.startLine + offset)
            let padding = String(repeating: " ", count: width - number.count)
            Console.print("\(padding)\(number)  \(Console.safe(String(line)))")
        }
    }

    /// Files can be shown before anything was indexed.
    private func reader(_ settings: Settings) throws -> MemoryReader? {
        do {
            return try MemoryReader(settings.memory)
        } catch StoreError.missing {
            return nil
        }
    }
}
