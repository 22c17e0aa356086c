import ArgumentParser
import Orchestration
import Retrieval
import Store

struct RetroCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retro",
        abstract: "Write a run's retrospective, at any stage, and note it in the timeline.",
        discussion: "A retrospective that is there already is yours: it is never written over.")

    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp("The run.", valueName: "run"))
    var name: String

    func run() throws {
        let settings = try Settings(options)
        let folder = try RunFolder.named(name, in: settings.memory)
        let isWritten = try folder.close(by: settings.definition.name, settings: settings)
        let path = settings.paths.stored(folder.path) + "/retrospective.md"
        if options.json {
            let goal = try RunRecord(folder).goal
            return try Console.print(
                json: Reply(run: name, goal: goal, path: path, written: isWritten))
        }
        if isWritten { Console.print("\(path) written; next: conductor sweep") }
    }

    private struct Reply: Encodable {
        let run, goal, path: String
        let written: Bool
    }
}
