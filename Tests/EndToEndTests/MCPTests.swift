import Foundation
import StrictJSON
import TestSupport
import Testing

/// MCP on stdin and stdout: whatever comes in, only the protocol goes out.
@Suite struct MCPTests {
    let world: ExampleWorld
    let conductor: BuiltBinary
    static let meta =
        #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#

    init() async throws {
        world = try ExampleWorld()
        conductor = BuiltBinary(in: world.folder.path, environment: ExampleWorld.withoutModel)
        #expect(try await conductor.run("index").status == 0)
    }

    /// What the server answers to lines; every line of it is a message.
    private func answers(_ lines: String...) async throws -> [JSONValue] {
        let reply = try await conductor.run("mcp", input: lines.joined(separator: "\n") + "\n")
        #expect(reply.status == 0, "\(reply.errors)")
        return try reply.output.split(separator: "\n").map { line in
            let value = try StrictJSON.parse(line.utf8)
            #expect(value["jsonrpc"]?.string == "2.0" || value.array != nil)
            return value
        }
    }

    private static func request(_ id: Int, _ method: String, _ params: String = meta) -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":{\#(params)}}"#
    }

    private static func code(_ value: JSONValue?) -> JSONValue? { value?["error"]?["code"] }

    @Test func `what was read is answered at the end of input`() async throws {
        let call = #""name":"search","arguments":{"query":"CrashLoopBackOff"},"# + Self.meta
        let requests = (1...20).map { Self.request($0, "tools/call", call) }
        let reply = try await conductor.run("mcp", input: requests.joined(separator: "\n"))
        #expect(reply.status == 0)
        let ids = try reply.output.split(separator: "\n").map { line in
            try StrictJSON.parse(line.utf8)["id"] ?? .null
        }
        #expect(Set(ids.map { String(decoding: $0.canonicalBytes, as: UTF8.self) }).count == 20)
    }

    @Test func `lines that are no messages are answered by their numbers`() async throws {
        let deep = String(repeating: "[", count: 10_000)
        for (line, code) in [
            ("garbage", -32700), ("{", -32700), (deep, -32700), ("\u{FEFF}{}", -32700),
            (#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#, -32700),
            (#"{"jsonrpc":"2.0","id":1,"method":"ping\ud800"}"#, -32700),
            ("[]", -32600), ("1", -32600), (#"{"id":1,"method":"ping"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, -32600),
            (Self.request(1, "no/such"), -32601), (Self.request(1, "tools/list", ""), -32602),
            (Self.request(1, "tools/call"), -32602),
            (Self.request(1, "tools/list", Self.meta.replacing("2026", with: "2027")), -32022),
        ] as [(String, Int64)] {
            let answers = try await answers(line, Self.request(9, "server/discover"))
            let wrong = answers.first { $0["id"] != .integer(9) }
            #expect(Self.code(wrong) == .integer(code), "\(line.prefix(80))")
            #expect(answers.contains { $0["id"] == .integer(9) && $0["result"] != nil })
        }
    }

    @Test func `a line that is too long is skipped`() async throws {
        let long = "{\"a\":\"" + String(repeating: "x", count: 5 << 20) + "\"}"
        let answers = try await answers(long, Self.request(2, "server/discover"))
        #expect(Self.code(answers.first { $0["id"] == .null }) == .integer(-32700))
        #expect(answers.contains { $0["id"] == .integer(2) })
    }

    @Test func `older clients begin with initialize, and may send several at once`() async throws {
        let hello = Self.request(1, "initialize", #""protocolVersion":"2025-03-26""#)
        let ping = Self.request(2, "ping", "")
        let answers = try await answers(
            hello, #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            "[\(ping),\(Self.request(3, "tools/list", ""))]\r", "", "  ")
        #expect(answers.count == 2)
        #expect(answers.contains { $0["result"]?["protocolVersion"]?.string == "2025-03-26" })
        #expect(answers.contains { $0.array?.count == 2 })
    }

    @Test func `notifications and answers get no answer`() async throws {
        let answers = try await answers(
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"#,
            #"{"jsonrpc":"2.0","id":4,"result":{}}"#, Self.request(5, "server/discover"))
        #expect(answers.count == 1)
    }

    @Test func `a full disk behind stdout ends it quietly`() async throws {
        // Many more lines than are read ahead: some are read and never taken.
        let requests = (1...5000).map { Self.request($0, "server/discover") }
        try world.folder.write(requests.joined(separator: "\n") + "\n", to: "in")
        let reply = try await conductor.shell("\"$CONDUCTOR\" mcp < in > /dev/full")
        #expect(reply.status == 0, "\(reply.errors)")
    }

    @Test func `a client who reads no prose gets every answer`() async throws {
        let plan = #""name":"plan","arguments":{"goal":"cut the S3 bill","planner":"primary"},"#
        let requests = (1...3).map { Self.request($0, "tools/call", plan + Self.meta) }
        let set = #""name":"facts","arguments":{"action":"set","key":"a","value":"b"},"# + Self.meta
        let writes = (4...203).map { Self.request($0, "tools/call", set) }
        try world.folder.write((requests + writes).joined(separator: "\n") + "\n", to: "in")
        let reply = try await conductor.shell(
            "OLLAMA_HOST=127.0.0.1:9 ANTHROPIC_API_KEY= \"$CONDUCTOR\" mcp < in 2> /dev/full")
        #expect(reply.status == 0)
        let lines = reply.output.split(separator: "\n")
        #expect(lines.count == 203)
        #expect(lines.allSatisfy { $0.contains("\"isError\":false") })
    }

    @Test func `nobody who reads ends it quietly`() async throws {
        let requests = (1...50).map { Self.request($0, "tools/list") }.joined(separator: "\n")
        try world.folder.write(requests + "\n", to: "in")
        let reply = try await conductor.shell("\"$CONDUCTOR\" mcp < in | head -1 | wc -l")
        #expect(reply.output.trimmingCharacters(in: .whitespacesAndNewlines) == "1")
        #expect(!reply.errors.contains("rror"), "\(reply.errors)")
    }
}
