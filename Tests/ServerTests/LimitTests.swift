import Foundation
import Server
import Store
import TestSupport
import Testing

/// Every limit, just within and just beyond.
@Suite struct LimitTests {
    private func padded(_ count: Int) -> String {
        let start = #"{"query":"widgets","collection":""#
        let end = #""}"#
        return start + String(repeating: "a", count: count - start.count - end.count) + end
    }

    @Test func `a body over its limit is refused, told by length or not`() async throws {
        let room = try await ServiceRoom { $0.bodyBytes = 5000 }
        #expect(await room.send("POST", "/v1/search", body: padded(5000)).status == 400)
        let reply = await room.send("POST", "/v1/search", body: padded(5001))
        #expect(reply.status == 413)
        #expect(reply.isClosed)
        let head = RawHTTP.request(
            "POST", "/v1/search", port: room.port, token: room.token,
            ["Content-Type: application/json", "Transfer-Encoding: chunked"])
        let chunk = "3e8\r\n" + String(repeating: "a", count: 1000) + "\r\n"
        let chunked = await room.raw(head, String(repeating: chunk, count: 6) + "0\r\n\r\n")
        #expect(chunked.status == 413)
        #expect(await room.send("GET", "/v1/status").status == 200)
    }

    @Test func `a body that does not come ends the request`() async throws {
        let room = try await ServiceRoom { $0.bodyTime = .milliseconds(200) }
        let head = RawHTTP.request(
            "POST", "/v1/search", port: room.port, token: room.token,
            ["Content-Type: application/json", "Content-Length: 100"])
        let reply = await room.raw(head, "{\"query\":")
        #expect(reply.status == 408)
        #expect(reply.isClosed)
    }

    @Test func `a header that does not come ends the connection`() async throws {
        let room = try await ServiceRoom { $0.headerTime = .milliseconds(200) }
        let reply = await room.raw("GET /v1/status HTTP/1.1\r\nHost: x")
        #expect(reply.isClosed)
        let silent = await room.raw("")
        #expect(silent.isClosed)
    }

    @Test func `a later header that does not come whole ends the connection too`() async throws {
        let room = try await ServiceRoom {
            $0.headerTime = .milliseconds(300)
            $0.idleTime = .seconds(600)
        }
        let first = RawHTTP.request("GET", "/healthz", port: room.port, token: nil)
            .replacing("Connection: close\r\n", with: "")
        // The first answer is there before the next header's first byte is sent.
        let reply = await room.raw(first, "GET /healthz HTTP/1.1\r\nX-", "a", awaiting: "\"ok\"}")
        #expect(reply.status == 200)
        #expect(reply.isClosed)
    }

    @Test func `a body that nobody reads keeps no connection`() async throws {
        let room = try await ServiceRoom { $0.idleTime = .seconds(600) }
        for token in [nil, room.token] {
            let head = RawHTTP.request(
                "POST", "/v1/search", port: room.port, token: token,
                ["Content-Type: text/plain", "Content-Length: 1000000"]
            ).replacing("Connection: close\r\n", with: "")
            let reply = await room.raw(head, "slow")
            #expect(reply.status == (token == nil ? 401 : 415))
            #expect(reply.isClosed)
        }
    }

    @Test func `an idle connection is closed`() async throws {
        let room = try await ServiceRoom { $0.idleTime = .milliseconds(300) }
        let request = RawHTTP.request("GET", "/healthz", port: room.port, token: nil)
            .replacing("Connection: close\r\n", with: "")
        let reply = await room.raw(request)
        #expect(reply.status == 200)
        #expect(reply.isClosed)
    }

    @Test func `headers have a number and a size`() async throws {
        let room = try await ServiceRoom()
        func status(_ headers: [String]) async -> Int? {
            await room.send("GET", "/v1/status", headers).status
        }
        let many = (0..<58).map { "X-\($0): 1" }
        #expect(await status(many) == 200)
        let beyond = await status(many + (0..<10).map { "Y-\($0): 1" })
        #expect(beyond == 400 || beyond == 431 || beyond == nil)
        let large = await status(["X: " + String(repeating: "a", count: 17 << 10)])
        #expect(large == 400 || large == 431 || large == nil)
        #expect(await status([]) == 200)
    }

    @Test func `a target has a size`() async throws {
        let room = try await ServiceRoom()
        func status(_ length: Int) async -> Int? {
            let start = "/v1/kv?prefix="
            let target = start + String(repeating: "a", count: length - start.count)
            return await room.send("GET", target).status
        }
        #expect(await status(4096) == 400, "the prefix itself is too long")
        #expect(await status(4097) == 414)
    }

    @Test func `costly requests have a rate`() async throws {
        let room = try await ServiceRoom {
            $0.costlyBurst = 2
            $0.costlyPerSecond = 0
        }
        for expected in [200, 200, 429] {
            let reply = await room.send("PUT", "/v1/kv/a", body: #"{"value":"1"}"#)
            #expect(reply.status == expected)
        }
        #expect(await room.send("GET", "/v1/kv/a").status == 200, "reading goes on")
    }

    @Test func `who cannot be served soon is turned away`() async throws {
        let room = try await ServiceRoom {
            $0.requestsAtWork = 0
            $0.requestsWaiting = 0
        }
        let reply = await room.send("POST", "/v1/search", body: #"{"query":"widgets"}"#)
        #expect(reply.status == 429)
        #expect(reply.head.contains("retry-after"))
    }

    @Test func `plans wait for each other, and reading goes on`() async throws {
        let room = try await ServiceRoom {
            $0.plansAtWork = 0
            $0.requestsWaiting = 0
        }
        let plan = await room.send("POST", "/v1/plan", body: #"{"goal":"widgets"}"#)
        #expect(plan.status == 429)
        let search = await room.send("POST", "/v1/search", body: #"{"query":"widgets"}"#)
        #expect(search.status == 200)
    }

    @Test func `a wait for a turn has an end`() async throws {
        let room = try await ServiceRoom {
            $0.requestsAtWork = 0
            $0.waitTime = .milliseconds(100)
        }
        let reply = await room.send("POST", "/v1/search", body: #"{"query":"widgets"}"#)
        #expect(reply.status == 429)
    }

    @Test func `MCP meets the same limits`() async throws {
        let room = try await ServiceRoom {
            $0.costlyBurst = 1
            $0.costlyPerSecond = 0
            $0.batchMessages = 2
        }
        let call =
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"facts","arguments":{"action":"set","key":"a","value":"b"}}}"#
        #expect(await room.send("POST", "/mcp", body: call).body.contains("\"isError\":false"))
        #expect(await room.send("POST", "/mcp", body: call).body.contains("TOO_MANY_REQUESTS"))
        let many = "[" + [call, call, call].joined(separator: ",") + "]"
        #expect(await room.send("POST", "/mcp", body: many).status == 400)
    }

    @Test func `many at once are all served`() async throws {
        let room = try await ServiceRoom()
        let statuses = await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    await room.send("POST", "/v1/search", body: #"{"query":"widgets"}"#).status
                }
            }
            return await group.reduce(into: [Int?]()) { $0.append($1) }
        }
        #expect(statuses.allSatisfy { $0 == 200 })
    }
}
