import Foundation
import Server
import Store
import TestSupport
import Testing

/// Who may come in: Host and Origin to the letter, and always a token.
@Suite struct GateTests {
    let room: ServiceRoom

    init() async throws {
        room = try await ServiceRoom()
    }

    private func status(host: String?, _ headers: [String] = [], target: String = "/v1/status")
        async -> Int?
    {
        let lines =
            ["GET \(target) HTTP/1.1"] + (host.map { ["Host: \($0)"] } ?? [])
            + ["Connection: close", "Authorization: Bearer \(room.token)"] + headers
        return await room.raw(lines.joined(separator: "\r\n") + "\r\n\r\n").status
    }

    @Test func `only this machine's own names are hosts`() async {
        let port = room.port
        for host in ["127.0.0.1:\(port)", "localhost:\(port)", "[::1]:\(port)"] {
            #expect(await status(host: host) == 200, "\(host)")
        }
        for host in [
            "evil.example", "evil.example:\(port)", "localhost.evil:\(port)", "localhost",
            "127.0.0.1", "127.0.0.1:\(port + 1)", "127.0.0.1:\(port)@evil",
            "127.0.0.1:\(port).evil",
            "127.0.0.1.nip.io:\(port)", "LOCALHOST:\(port)", "localhost.:\(port)",
            "0.0.0.0:\(port)",
            "2130706433:\(port)", "0x7f.1:\(port)", "[::ffff:127.0.0.1]:\(port)", "",
            "127.0.0.1:0\(port)", "user@127.0.0.1:\(port)",
        ] {
            let status = await status(host: host)
            #expect(status == 403 || status == 400, "\(host): \(String(describing: status))")
        }
        let none = await status(host: nil)
        #expect(none == 403 || none == 400)
    }

    @Test func `a target is a path`() async {
        let host = "127.0.0.1:\(room.port)"
        for target in ["*", "evil:80"] {
            let status = await status(host: host, target: target)
            #expect(status == 400 || status == 403, "\(target)")
        }
    }

    @Test func `two hosts are none`() async {
        let port = room.port
        for second in ["evil.example", "127.0.0.1:\(port)"] {
            let status = await status(host: "127.0.0.1:\(port)", ["Host: \(second)"])
            #expect(status == 403 || status == 400, "\(second)")
        }
    }

    @Test func `pages of other origins are refused, with a token too`() async {
        let port = room.port
        let host = "127.0.0.1:\(port)"
        for origin in ["http://127.0.0.1:\(port)", "http://localhost:\(port)"] {
            #expect(await status(host: host, ["Origin: \(origin)"]) == 200, "\(origin)")
        }
        for origin in [
            "null", "http://evil.example", "https://127.0.0.1:\(port)", "http://127.0.0.1",
            "http://127.0.0.1:\(port).evil", "http://127.0.0.1:\(port)/", "file://", "",
        ] {
            #expect(await status(host: host, ["Origin: \(origin)"]) == 403, "\(origin)")
        }
    }

    @Test func `without the token nothing is told`() async throws {
        for header in [
            [], ["Authorization: Bearer"], ["Authorization: Bearer \(room.token)x"],
            ["Authorization: Bearer \(room.token.dropLast())"],
            ["Authorization: Basic \(room.token)"], ["X-Token: \(room.token)"],
        ] {
            let reply = await room.raw(
                RawHTTP.request("GET", "/v1/status", port: room.port, token: nil, header))
            #expect(reply.status == 401, "\(header)")
            #expect(reply.head.contains("www-authenticate: bearer"))
            #expect(!reply.text.contains(room.token))
        }
        for path in ["/metrics", "/openapi.json", "/v1/kv", "/no/such/path", "/"] {
            let reply = await room.raw(
                RawHTTP.request("GET", path, port: room.port, token: nil))
            #expect(reply.status == 401 || reply.status == 429, "\(path)")
        }
        for path in ["/healthz", "/readyz"] {
            let reply = await room.raw(
                RawHTTP.request("GET", path, port: room.port, token: nil))
            #expect(reply.status == 200, "\(path)")
        }
    }

    @Test func `guessing is slowed down`() async throws {
        let room = try await ServiceRoom { $0.wrongTokensPerSecond = 1 }
        var statuses: [Int?] = []
        for _ in 0..<12 {
            statuses.append(
                await room.raw(
                    RawHTTP.request("GET", "/v1/status", port: room.port, token: "wrong")
                ).status)
        }
        #expect(statuses.contains(429))
        #expect(statuses.first == 401)
        #expect(await room.send("GET", "/v1/status").status == 200, "guesses shut nobody out")
    }

    @Test func `the token is 256 bits in a file that only its owner can read`() throws {
        #expect(room.token.wholeMatch(of: /[0-9a-f]{64}/) != nil)
        let path = room.memory.folder + "/http.token"
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }
}
