import Orchestration
import TestSupport
import Testing

/// What holds for every command.
extension CommandLaneTests {
    private static let all =
        CommandTable.reading + CommandTable.rehearsing + CommandTable.changing
        + CommandTable.unknown

    @Test func `a changing command behind any other is seen`() {
        for command in Self.all {
            // A comment or a here-document's body swallows what stands on its line.
            let joints = ["\nrm -rf x", "\n; rm -rf /", "\nls && rm -rf x", "\nls | sh"]
            let sameLine = ["; rm -rf /", " && rm -rf x", " || rm -rf x", " | sh", " & rm -rf x"]
            for tail in joints + (command.contains("#") ? [] : sameLine) {
                let line = command + tail
                #expect(CommandLane.lane(of: line) == .execute, "\(line.debugDescription)")
            }
        }
    }

    @Test func `a substitution raises the lane of any command`() {
        for command in Self.all where !command.contains("#") {
            for tail in [" $(rm -rf x)", " `rm -rf x`", " \"$(rm -rf x)\"", " <(rm -rf x)"] {
                let line = command + tail
                #expect(CommandLane.lane(of: line) == .execute, "\(line.debugDescription)")
            }
        }
    }

    @Test func `a sequence has the highest lane of its parts`() {
        var generator = SeededGenerator(seed: 7)
        let parts = (CommandTable.reading + CommandTable.rehearsing + CommandTable.changing)
            .filter { !$0.contains("#") && !$0.contains("<") }
        for _ in 0..<2000 {
            guard let first = parts.randomElement(using: &generator),
                let second = parts.randomElement(using: &generator),
                let joint = ["; ", " && ", " || ", "\n", " | ", " & "]
                    .randomElement(using: &generator)
            else { continue }
            let expected = max(CommandLane.lane(of: first), CommandLane.lane(of: second))
            let line = first + joint + second
            #expect(CommandLane.lane(of: line) == expected, "\(line.debugDescription)")
        }
    }

    @Test func `an output to an absolute path raises the lane of any command`() {
        for command in CommandTable.reading + CommandTable.rehearsing
        where !command.contains("#") {
            #expect(CommandLane.lane(of: command + " > /etc/x") == .execute, "\(command)")
        }
    }

    @Test func `random bytes never crash it, and hold no known program`() {
        var generator = SeededGenerator(seed: 11)
        let marks = Array(" \t\n;&|<>()'\"`$\\#{}=~*?![]abc-/\u{301}\u{37E}\r")
        for _ in 0..<3000 {
            let count = Int.random(in: 0...60, using: &generator)
            let line = String(
                (0..<count).compactMap { _ in marks.randomElement(using: &generator) })
            let lane = CommandLane.lane(of: line)
            // Only assignments can be harmless without a program.
            #expect(lane == .execute || line.contains("="), "\(line.debugDescription)")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `long and deep input neither crashes nor takes long`() {
        let long = String(repeating: "a", count: 200_000)
        #expect(CommandLane.lane(of: "echo " + long) == .readOnly)
        #expect(CommandLane.lane(of: long) == .execute)
        #expect(CommandLane.lane(of: "echo '" + long + "'") == .readOnly)
        let many = Array(repeating: "ls", count: 50_000).joined(separator: "; ")
        #expect(CommandLane.lane(of: many) == .readOnly)
        #expect(CommandLane.lane(of: many + "; rm x") == .execute)
        for (open, close) in [("$(", ")"), ("(", ")"), ("\"$(", ")\""), ("<(", ")")] {
            let deep = String(repeating: open, count: 20_000)
            let closed = String(repeating: close, count: 20_000)
            #expect(CommandLane.lane(of: "echo " + deep + "ls" + closed) == .execute, "\(open)")
            #expect(CommandLane.lane(of: "echo " + deep) == .execute, "\(open)")
        }
        for mark in ["'", "\"", "`", "\\", ">", "<", "&", "$", "#", "\\\n"] {
            _ = CommandLane.lane(of: String(repeating: mark, count: 100_001))
        }
        #expect(
            CommandLane.lane(of: String(repeating: "time ", count: 20_000) + "rm x") == .execute)
    }
}
