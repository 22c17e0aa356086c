import Documents
import Foundation
import Orchestration
import TestSupport
import Testing

/// The commands of the example runbooks have the lanes of the sections they stand in.
@Suite struct RunbookLaneTests {
    /// A command whose lane is not the one of its section.
    struct Exception {
        /// How it begins.
        let beginning: String
        let lane: Lane
        let reason: String
    }

    /// The highest lane of a diagnosis is reading, and a dry run where it writes a file.
    @Test func `diagnosis only looks`() throws {
        try Self.check("Diagnosis", Self.diagnosis) { command, lane in
            lane == .readOnly || (lane == .dryRun && command.contains("> "))
        }
    }

    @Test func `a dry run changes nothing`() throws {
        try Self.check("Dry run", Self.rehearsal) { _, lane in lane <= .dryRun }
    }

    @Test func `what changes something is for the execute lane`() throws {
        for heading in ["Apply", "Mitigation", "Rollback"] {
            try Self.check(heading, Self.change) { _, lane in lane == .execute }
        }
    }

    @Test func `a placeholder counts filled in and as the redirections of a shell`() {
        let lanes: [(String, Lane)] = [
            ("kubectl get pod <pod>", .readOnly), ("kubectl get pod <pod> | wc -l", .readOnly),
            ("kubectl get pod <pod> -o yaml", .readOnly), ("kubectl get pod <pod>; rm x", .execute),
            // A shell reads the first file and writes the second.
            ("cat <a> b", .dryRun), ("cat <a>/etc/x", .execute), ("cat <a> /etc/x", .execute),
            ("kubectl delete pod x <a> --dry-run=client", .execute),
            ("kubectl delete pod <pod>", .execute), ("find . <a> -delete", .execute),
            ("kubectl <verb> pods", .execute), ("<tool> get pods", .execute), ("<a>", .execute),
            ("echo $(rm <a>)", .execute), ("echo `rm <a>`", .execute), ("rm x\nls <a>", .execute),
        ]
        for (command, lane) in lanes {
            #expect(CommandLane.lane(of: command) == lane, "\(command)")
        }
    }

    // MARK: Checking

    /// Checks each command under a heading, and that each exception is met and needed.
    private static func check(
        _ heading: String, _ exceptions: [Exception],
        sourceLocation: SourceLocation = #_sourceLocation, _ isExpected: (String, Lane) -> Bool
    ) throws {
        let commands = try commands(under: heading)
        #expect(commands.count > 10, sourceLocation: sourceLocation)
        for command in commands {
            let lane = CommandLane.lane(of: command)
            let exception = exceptions.first { command.hasPrefix($0.beginning) }
            #expect(
                exception.map { $0.lane == lane } ?? isExpected(command, lane),
                "\(lane): \(command)", sourceLocation: sourceLocation)
            #expect(
                exception == nil || !isExpected(command, lane), "not needed: \(command)",
                sourceLocation: sourceLocation)
        }
    }

    /// The commands of every runbook's fences under a heading.
    private static func commands(under heading: String) throws -> [String] {
        let folder = ExampleWorld.source.appending(path: "runbooks")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try names.filter { $0.hasSuffix(".md") }.sorted().flatMap { name in
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return Instruction.instructions(in: text, firstLine: 1, headings: [])
                .filter { $0.headings.contains(heading) }
                .flatMap(\.commands)
                // Code spans in prose quote parts of commands.
                .filter { !lines[$0.lines.lowerBound - 1].contains("`") }
                .map(\.text)
        }
    }

    // MARK: Exceptions

    private static let loop = "Compound commands are not read."
    private static let redirection =
        "For a shell `<name>` and what follows it are redirections, and the rest is not known."
    private static let unknown = "A tool or service that is not known."
    private static let otherUser = "What runs as another user is not read."

    private static let diagnosis = [
        Exception(beginning: "for ", lane: .execute, reason: loop),
        Exception(beginning: "done", lane: .execute, reason: loop),
        Exception(
            beginning: "dig +short CNAME _<token>", lane: .execute,
            reason: "A shell would write a hidden file."),
        Exception(
            beginning: "kubectl -n <namespace> get secret", lane: .execute, reason: redirection),
        Exception(
            beginning: "curl -sS -o /dev/null -w '%{http_code} %{time_connect}", lane: .dryRun,
            reason: "A shell would write a file behind `<alb-dns-name>`."),
        Exception(beginning: "aws apigateway get-", lane: .execute, reason: unknown),
        Exception(
            beginning: "aws ssm start-session", lane: .execute, reason: "It opens a shell."),
        Exception(beginning: "kubectl run dns-probe", lane: .execute, reason: "It makes a pod."),
        Exception(beginning: "chronyc ", lane: .execute, reason: unknown),
        Exception(beginning: "timedatectl ", lane: .execute, reason: unknown),
        Exception(beginning: "redis-cli ", lane: .execute, reason: unknown),
        Exception(beginning: "sudo ", lane: .execute, reason: otherUser),
    ]

    private static let rehearsal = [
        Exception(
            beginning: "kubectl -n agents rollout undo deployment/planner-api --to-revision=<n>",
            lane: .execute, reason: redirection),
        Exception(
            beginning: "aws ec2 modify-network-interface-attribute", lane: .execute,
            reason: redirection),
        Exception(
            beginning:
                "aws rds failover-db-cluster --db-cluster-identifier agent-mesh-stage-vector",
            lane: .execute, reason: "It acts, on the stage's cluster."),
        Exception(
            beginning: "aws cloudfront copy-distribution", lane: .execute,
            reason: "It makes a distribution."),
        Exception(
            beginning: "aws sqs receive-message", lane: .execute,
            reason: "It counts as a receipt, and may move the message away."),
        Exception(
            beginning: "aws stepfunctions test-state", lane: .execute,
            reason: "It calls what the state calls."),
        Exception(
            beginning: "stripe listen", lane: .execute, reason: "It makes an endpoint."),
        Exception(beginning: "promtool check ", lane: .execute, reason: unknown),
        Exception(beginning: "stripe trigger", lane: .execute, reason: "It makes test objects."),
        Exception(
            beginning: "terraform -chdir=infra/terraform/envs/prod state pull", lane: .execute,
            reason: "It prints secrets, to a file whose name a substitution gives."),
    ]

    private static let change = [
        Exception(
            beginning: "aws s3api list-object-versions", lane: .readOnly,
            reason: "It finds the version to put back."),
        Exception(
            beginning: "aws cloudfront wait", lane: .readOnly, reason: "It waits."),
        Exception(
            beginning: "jq .DistributionConfig", lane: .dryRun,
            reason: "It prepares a file beside the reader."),
    ]
}
