import Foundation
import Testing

/// Holds the code to the table in Sources/README.md.
@Suite struct LayeringTests {
    struct Target: Sendable, CustomTestStringConvertible {
        let layer: Int
        let name: String
        let thirdParties: Set<String>
        let forbidden: Set<String>

        var testDescription: String { name }
    }

    static let checkout = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let sources = checkout.appending(path: "Sources")
    static let toolchain: Set<String> = [
        "Foundation", "FoundationEssentials", "Synchronization", "Glibc",
    ]
    static let lineLimit = 400
    static let medianLineLimit = 150

    /// The rows of the table: `| layer | target | owns | third parties | never |`.
    static let targets: [Target] = {
        guard
            let page = try? String(
                contentsOf: sources.appending(path: "README.md"), encoding: .utf8)
        else { return [] }
        return page.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 7, let layer = Int(cells[1]) else { return nil }
            func names(_ cell: String) -> Set<String> {
                Set(cell.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
            }
            return Target(
                layer: layer, name: cells[2], thirdParties: names(cells[4]),
                forbidden: names(cells[5]))
        }
    }()

    static func files(of target: String, _ extensions: Set<String> = ["swift"]) -> [URL] {
        let folder = sources.appending(path: target)
        let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return (all?.compactMap { $0 as? URL } ?? []).filter {
            extensions.contains($0.pathExtension)
        }
    }

    static func lines(of file: URL) throws -> [Substring] {
        var lines = try String(contentsOf: file, encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    @Test func `the table names every target and no other`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path)
            .filter { $0 != "README.md" && !$0.hasPrefix(".") }
        #expect(Set(folders) == Set(Self.targets.map(\.name)))
        #expect(Self.targets.count >= 11)
    }

    @Test(arguments: targets)
    func `imports only what lies below`(_ target: Target) throws {
        let below = Set(Self.targets.filter { $0.layer < target.layer }.map(\.name))
        let isFacade = target.name == "Kernels"
        let layerOne = Set(Self.targets.filter { $0.layer == 1 }.map(\.name))
        let allowed = (isFacade ? below : below.subtracting(layerOne))
            .union(target.thirdParties).union(Self.toolchain).subtracting(target.forbidden)
        let pattern =
            /^(?:@\w+(?:\([^)]*\))? +)*(?:(?:public|package|internal) +)?import +(?:(?:struct|class|enum|func|protocol) +)?(\w+)/
        for file in Self.files(of: target.name) {
            for line in try Self.lines(of: file) {
                guard let match = line.firstMatch(of: pattern) else { continue }
                #expect(
                    allowed.contains(String(match.1)),
                    "\(target.name)/\(file.lastPathComponent) imports \(match.1)")
            }
        }
    }

    @Test(arguments: targets)
    func `no file is too long`(_ target: Target) throws {
        for file in Self.files(of: target.name, ["swift", "c", "h"]) {
            let count = try Self.lines(of: file).count
            #expect(count <= Self.lineLimit, "\(file.lastPathComponent) has \(count) lines")
        }
    }

    @Test func `files are short on the whole`() throws {
        let counts = try Self.targets.flatMap { Self.files(of: $0.name) }
            .map { try Self.lines(of: $0).count }.sorted()
        try #require(!counts.isEmpty)
        #expect(counts[counts.count / 2] <= Self.medianLineLimit)
    }

    @Test(arguments: targets)
    func `takes no short cut around the compiler`(_ target: Target) throws {
        let shortCuts = [
            "@unchecked Sendable", "nonisolated(unsafe)", "static let shared", "try!", "as!",
        ]
        for file in Self.files(of: target.name) {
            let text = try String(contentsOf: file, encoding: .utf8)
            for shortCut in shortCuts {
                #expect(!text.contains(shortCut), "\(file.lastPathComponent) has \(shortCut)")
            }
        }
    }

    @Test func `only the command line reads the environment`() throws {
        for target in Self.targets where target.name != "ConductorCLI" {
            for file in Self.files(of: target.name) {
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(!text.contains("ProcessInfo"), "\(file.lastPathComponent)")
                #expect(!text.contains("getenv("), "\(file.lastPathComponent)")
            }
        }
    }

    @Test func `commands stay small`() throws {
        let commands = Self.sources.appending(path: "ConductorCLI/Commands")
        for name in try FileManager.default.contentsOfDirectory(atPath: commands.path) {
            let count = try Self.lines(of: commands.appending(path: name)).count
            #expect(count <= 80, "\(name) has \(count) lines")
        }
    }
}
