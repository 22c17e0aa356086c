import Foundation
import Server
import Store
import TestSupport
import Testing

/// MCP over HTTP: headers say what the body says, and every error has its number.
@Suite struct MCPEndpointTests {
    let room: ServiceRoom

    init() async throws {
        room = try await ServiceRoom()
    }

    private static let meta =
        #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#

    private func send(
        _ method: String, _ params: String = meta, version: String? = "2026-07-28",
        told: String? = nil, name: String? = nil, extra headers: [String] = []
    ) async -> RawReply {
        var lines = headers
        if let version { lines.append("MCP-Protocol-Version: \(version)") }
        if let told = told ?? (version == nil ? nil : method) {
            lines.append("Mcp-Method: \(told)")
        }
        if let name { lines.append("Mcp-Name: \(name)") }
        return await room.send(
            "POST", "/mcp", lines,
            body: #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{\#(params)}}"#)
    }

    private func code(_ reply: RawReply) throws -> Int? {
        (try reply.json()["error"] as? [String: Any])?["code"] as? Int
    }

    @Test func `the stateless revision is discovered and used`() async throws {
        let discover = await send("server/discover")
        #expect(discover.status == 200)
        let result = try #require(try discover.json()["result"] as? [String: Any])
        #expect(result["resultType"] as? String == "complete")
        #expect(result["supportedVersions"] as? [String] == ["2026-07-28"])
        #expect(result["ttlMs"] is Int && result["cacheScope"] is String)
        let call = #""name":"search","arguments":{"query":"widgets"},"# + Self.meta
        let reply = await send("tools/call", call, name: "search")
        #expect(reply.status == 200)
        #expect(await send("tools/call", call, name: "=?base64?c2VhcmNo?=").status == 200)
    }

    @Test func `the list of tools is the same every time and small`() async throws {
        let first = await send("tools/list").body
        #expect(await send("tools/list").body == first)
        #expect(first.utf8.count < 10_000)
        let tools = try #require(
            (try await send("tools/list").json()["result"] as? [String: Any])?["tools"]
                as? [[String: Any]])
        #expect(
            tools.map { $0["name"] as? String } == [
                "search", "get", "context", "facts", "remember", "timeline", "status", "plan",
            ])
        for tool in tools {
            let hints = try #require(tool["annotations"] as? [String: Any])
            #expect(hints.count == 5)
        }
    }

    @Test func `headers must say what the body says`() async throws {
        let call = #""name":"search","arguments":{"query":"widgets"},"# + Self.meta
        for reply in [
            await send("tools/call", call, name: "get"), await send("tools/call", call),
            await send("tools/call", call, name: "=?base64?!!?="),
            await send("tools/list", told: "tools/call"),
            await send("tools/list", version: "2025-11-25", told: "tools/list"),
            await send("tools/list", version: nil, told: "tools/list"),
            await send("tools/list", extra: ["Mcp-Method: tools/call"]),
        ] {
            #expect(reply.status == 400)
            #expect(try code(reply) == -32020)
        }
    }

    @Test func `every error has its number`() async throws {
        let unknown = await send("no/such")
        #expect(unknown.status == 404)
        #expect(try code(unknown) == -32601)
        let bare = await send("tools/list", "")
        #expect(bare.status == 400)
        #expect(try code(bare) == -32602)
        let future = await send(
            "tools/list", Self.meta.replacing("2026-07-28", with: "2099-01-01"),
            version: "2099-01-01")
        #expect(future.status == 400)
        #expect(try code(future) == -32022)
        let tool = await send(
            "tools/call", #""name":"nothing","arguments":{},"# + Self.meta, name: "nothing")
        #expect(try code(tool) == -32602)
        for body in [
            "[]", "1", #"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, #"{"jsonrpc":"2.0","id":1}"#,
            #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
            #"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#,
        ] {
            let reply = await room.send("POST", "/mcp", body: body)
            #expect(reply.status == 400, "\(body)")
            #expect(try code(reply) == -32600, "\(body)")
        }
        #expect(await room.send("GET", "/mcp").status == 405)
        #expect(await room.send("DELETE", "/mcp").status == 405)
        let note = #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#
        #expect(await room.send("POST", "/mcp", body: note).status == 202)
    }

    @Test func `older clients begin with initialize`() async throws {
        for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "1999-01-01"] {
            let reply = await send(
                "initialize", #""protocolVersion":"\#(version)","capabilities":{}"#, version: nil)
            let result = try #require(try reply.json()["result"] as? [String: Any])
            let agreed = version == "1999-01-01" ? "2025-11-25" : version
            #expect(result["protocolVersion"] as? String == agreed)
            #expect(result["resultType"] == nil)
        }
        #expect(await send("ping", "", version: nil).body.contains("\"result\":{}"))
        let batch = await room.send(
            "POST", "/mcp",
            body:
                #"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"x"}]"#
        )
        #expect(batch.status == 200)
        #expect(batch.body.hasPrefix("["))
    }

    @Test func `what goes wrong in a tool is a result`() async throws {
        let reply = await send(
            "tools/call", #""name":"get","arguments":{"path":"/etc/passwd"},"# + Self.meta,
            name: "get")
        let result = try #require(try reply.json()["result"] as? [String: Any])
        #expect(result["isError"] as? Bool == true)
        #expect(!reply.text.contains("root:"))
    }

    @Test func `a client reads the memory, not the machine`() async throws {
        try room.folder.write("KEY=1", to: ".env")
        try FileManager.default.createSymbolicLink(
            atPath: room.folder.path + "/runbooks/link.md", withDestinationPath: "/etc/passwd")
        for path in [
            "memory/http.token", "memory/kv.sqlite", ".env", "../../etc/passwd", "/etc/passwd",
            "runbooks/link.md", "runbooks/../.env", "memory/runs/../http.token",
            "memory/runs/../../.env", "", "#", "#00000000000g",
        ] {
            let reply = await send(
                "tools/call", #""name":"get","arguments":{"path":"\#(path)"},"# + Self.meta,
                name: "get")
            #expect(reply.body.contains("\"isError\":true"), "\(path): \(reply.body)")
            #expect(!reply.body.contains(room.token))
        }
    }

    @Test func `a note is remembered once and found`() async throws {
        let arguments =
            #""name":"remember","arguments":{"text":"The \"frobnicator\": restarts\n---\ntitle: x","title":"Frob: nicator \"x\"\n---","tags":["a: b","c]"]},"#
        for known in [false, true] {
            let reply = await send("tools/call", arguments + Self.meta, name: "remember")
            #expect(reply.body.contains("\"known\":\(known)"), "\(reply.body)")
        }
        let notes = try FileManager.default.contentsOfDirectory(
            atPath: room.memory.folder + "/notes")
        #expect(notes.count == 1)
        let search = await room.send("POST", "/v1/search", body: #"{"query":"frobnicator"}"#)
        let hit = try #require((try search.json()["hits"] as? [[String: Any]])?.first)
        #expect(hit["kind"] as? String == "note")
        #expect(hit["title"] as? String == "Frob: nicator \"x\" ---")
    }
}
