import Orchestration
import Testing

/// The lane of a command is the highest of what it would run; what is not known is `execute`.
@Suite struct CommandLaneTests {
    /// Each command must have exactly the expected lane.
    static func check(
        _ commands: [String], _ expected: Lane, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for command in commands {
            #expect(
                CommandLane.lane(of: command) == expected, "\(command.debugDescription)",
                sourceLocation: sourceLocation)
        }
    }

    @Test func `commands that only look are read only`() {
        Self.check(CommandTable.reading, .readOnly)
    }

    @Test func `commands that rehearse are dry runs`() {
        Self.check(CommandTable.rehearsing, .dryRun)
    }

    @Test func `commands that change something are for the execute lane`() {
        Self.check(CommandTable.changing, .execute)
    }

    @Test func `what is not known, or runs something else, is for the execute lane`() {
        Self.check(CommandTable.unknown, .execute)
    }

    @Test func `an empty line and a bare comment are for the execute lane`() {
        Self.check(["", " ", "\t", "\n", ";", "# kubectl get pods", "#", "  # x\n# y\n"], .execute)
    }

    @Test func `reading a secret object is reading, and handing out a secret is not`() {
        Self.check(["kubectl get secret -o yaml", "kubectl -n x get secret y"], .readOnly)
        Self.check(
            ["aws secretsmanager get-secret-value --secret-id x", "aws sts assume-role --x y"],
            .execute)
    }

    @Test func `the table is as large as it claims`() {
        let all =
            CommandTable.reading + CommandTable.rehearsing + CommandTable.changing
            + CommandTable.unknown
        #expect(all.count >= 120)
        #expect(Set(all).count == all.count, "no command stands twice")
    }
}
