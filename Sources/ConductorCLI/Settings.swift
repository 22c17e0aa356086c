import Documents
import Foundation
import Orchestration
import Retrieval
import Store

/// What the command line, the environment and the agent definition say together.
struct Settings {
    let root: String
    let definition: AgentDefinition
    let memory: MemoryPaths
    let installation: Installation

    /// Resolves the options of a command; says on stderr where the built-in definition is used.
    ///
    /// - Throws: `Failure`, `StoreError.invalidName`.
    init(_ options: some MemoryOptions) throws {
        let environment = ProcessInfo.processInfo.environment
        root = try Self.root(options.root ?? environment["CONDUCTOR_ROOT"])
        definition = try Self.definition(options.agent, root: root, environment)
        memory = try MemoryPaths(
            root: root, database: definition.keyValuePath, timeline: definition.timelinePath,
            vectorFile: definition.vectorPath)
        installation = Installation(environment)
    }

    /// Paths as the memory stores them.
    var paths: RootedPaths { RootedPaths(root: memory.root) }

    private static func root(_ named: String?) throws -> String {
        var isFolder: ObjCBool = false
        if let named {
            guard FileManager.default.fileExists(atPath: named, isDirectory: &isFolder),
                isFolder.boolValue
            else {
                throw Failure(
                    code: "NOT_FOUND", message: "the root is no folder: \(named)",
                    next: "mkdir \(named)", exitCode: .notFound)
            }
            return named
        }
        let here = FileManager.default.currentDirectoryPath
        var folder = URL(filePath: here).standardizedFileURL
        while true {
            for sign in ["memory", "agents/conductor.md"]
            where FileManager.default.fileExists(atPath: folder.appending(path: sign).path) {
                return folder.path
            }
            guard folder.path != "/" else { return here }
            folder.deleteLastPathComponent()
        }
    }

    private static func definition(
        _ named: String?, root: String, _ environment: [String: String]
    ) throws -> AgentDefinition {
        let places =
            named.map { [$0] }
            ?? ["agents/conductor.md", ".claude/agents/conductor.md"].map { root + "/" + $0 }
        for place in places {
            do throws(DocumentError) {
                let document = try DocumentReader().read(place)
                for remark in document.diagnostics where remark.code == .frontMatter {
                    Console.note("conductor: \(place): \(remark.message); defaults are used")
                }
                return AgentDefinition(document, variables: environment)
            } catch {
                guard case .notFound = error, named == nil else {
                    throw Failure(
                        code: "AGENT_UNREADABLE",
                        message: "agent definition \(place): \(error.diagnostic.message)",
                        next: "name another with --agent FILE", exitCode: .notFound)
                }
            }
        }
        Console.note("conductor: no agents/conductor.md below \(root); the built-in one is used")
        return AgentDefinition()
    }
}
