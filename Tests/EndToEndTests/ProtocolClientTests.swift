import Foundation
import TestSupport
import Testing

/// The official Python client of MCP, and a fuzzer of OpenAPI, against the built program.
@Suite(
    .serialized, .enabled(if: SharedData.python != nil, "make test installs the Python clients"))
struct ProtocolClientTests {
    let world: ExampleWorld
    let conductor: BuiltBinary
    static let revisions = [
        "auto", "2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05",
    ]
    static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Clients/mcp_client.py").path

    init() async throws {
        world = try ExampleWorld()
        conductor = BuiltBinary(in: world.folder.path, environment: ExampleWorld.withoutModel)
        #expect(try await conductor.run("kv", "import", "facts.json").status == 0)
        #expect(try await conductor.run("index").status == 0)
    }

    private func check(_ revision: String, _ transport: String) async throws {
        let python = try #require(SharedData.python)
        let search = try await conductor.run(
            "search", "pods stuck in CrashLoopBackOff", "--json", "-n", "3"
        ).json()
        let reply = try await conductor.shell("\(python) \(Self.script) \(revision) \(transport)")
        #expect(reply.status == 0, "\(reply.errors)")
        let told = try reply.json()
        #expect(
            told["version"] as? String == (revision == "auto" ? "2026-07-28" : revision))
        #expect(
            told["tools"] as? [String] == [
                "search", "get", "context", "facts", "remember", "timeline", "status", "plan",
            ])
        #expect(told["unknown"] as? Int == -32602)
        let results = try #require(told["results"] as? [[String: Any]])
        #expect(
            results.map { $0["isError"] as? Bool } == Array(repeating: false, count: 13) + [
                true, true,
            ])
        let values = results.compactMap { $0["value"] as? [String: Any] }
        #expect(
            NSArray(array: values[0]["hits"] as? [Any] ?? []).isEqual(
                to: search["hits"] as? [Any] ?? []))
        let lines = try await conductor.run("get", "runbooks/sqs-redrive.md:2:2", "--json").json()
        #expect(NSDictionary(dictionary: values[1]).isEqual(to: lines))
        #expect(values[4]["value"] as? String == "me")
        #expect(values[6]["deleted"] as? String == "owner.mcp")
        let found = (values[8]["hits"] as? [[String: Any]])?.first
        #expect(found?["path"] as? String == values[7]["path"] as? String)
        #expect((values[10]["events"] as? [[String: Any]])?.first?["action"] as? String == "probe")
        #expect((values[12]["steps"] as? [Any])?.isEmpty == false)
    }

    @Test(arguments: revisions)
    func `every tool works on stdio`(revision: String) async throws {
        try await check(revision, "stdio \"$CONDUCTOR\" mcp")
    }

    @Test(arguments: revisions)
    func `every tool works over HTTP`(revision: String) async throws {
        let service = try RunningService(conductor)
        try await check(revision, "http http://127.0.0.1:\(service.port)/mcp \(service.token)")
    }

    @Test(.enabled(if: SharedData.model != nil, "make setup installs the model"))
    func `what the description promises a fuzzer finds kept`() async throws {
        let python = try #require(SharedData.python)
        let conductor = BuiltBinary(in: world.folder.path)
        #expect(try await conductor.run("index").status == 0)
        let service = try RunningService(conductor)
        let reply = try await conductor.shell(
            """
            "$(dirname \(python))/schemathesis" run http://127.0.0.1:\(service.port)/openapi.json \
                -H "Authorization: Bearer \(service.token)" --max-examples 20 --seed 1 \
                --request-timeout 30 --no-color 2>&1
            """)
        #expect(reply.status == 0, "\(reply.output.suffix(6000))")
    }
}
