import Foundation
import TestSupport
import Testing

/// What the routes answer, and how they refuse.
@Suite struct RouteTests {
    let room: ServiceRoom

    init() async throws {
        room = try await ServiceRoom()
    }

    private func code(_ reply: RawReply) throws -> String? {
        (try reply.json()["error"] as? [String: Any])?["code"] as? String
    }

    @Test func `a fact is set, read, listed and removed`() async throws {
        let set = await room.send("PUT", "/v1/kv/owner.a%2Fb", body: #"{"value":"mé","ttl":"24h"}"#)
        #expect(set.status == 200)
        #expect(try set.json()["key"] as? String == "owner.a/b")
        let fact = try await room.send("GET", "/v1/kv/owner.a%2Fb").json()
        #expect(fact["value"] as? String == "mé")
        #expect(fact["expires_at"] is String)
        let list = try await room.send("GET", "/v1/kv?prefix=owner").json()
        #expect((list["facts"] as? [Any])?.count == 1)
        #expect(await room.send("DELETE", "/v1/kv/owner.a%2Fb").status == 200)
        let gone = await room.send("GET", "/v1/kv/owner.a%2Fb")
        #expect(gone.status == 404)
        #expect(try code(gone) == "NOT_FOUND")
    }

    @Test func `an event is noted and listed`() async throws {
        let body = #"{"agent":"t","action":"probe","summary":"Probed.","task_id":"T-1"}"#
        #expect(await room.send("POST", "/v1/timeline", body: body).status == 200)
        let list = try await room.send("GET", "/v1/timeline?agent=t&limit=5").json()
        let events = try #require(list["events"] as? [[String: Any]])
        #expect(events.map { $0["summary"] as? String } == ["Probed."])
    }

    @Test func `a search takes tags, times and neighbours, and refuses what is no time`()
        async throws
    {
        func count(_ members: String) async throws -> Int? {
            let body = #"{"query":"widgets",\#(members)}"#
            return
                (try await room.send("POST", "/v1/search", body: body).json()["hits"] as? [Any])?
                .count
        }
        #expect(try await count(#""as_of":"2020-01-01","neighbours":1"#) == 1)
        #expect(try await count(#""tags":["none"]"#) == 0)
        #expect(try await count(#""since":"7d""#) == 0)
        #expect(try await count(#""until":"2026-10-06T08:00:00Z""#) == 0)
        for time in [
            "2026", "2026-12", "2024-02-29", "2000-02-29", "2026-01-31", "2026-04-30T23:59",
            "2026-10-06 08:00:00.25+05:30",
        ] {
            #expect(try await count(#""as_of":"\#(time)""#) == 1, "\(time)")
        }
        for time in [
            "2026-02-29", "1900-02-29", "2026-04-31", "2026-00", "26", "2026-10-06T24:00",
            "2026-10-06Z", "0d", "7 d", "7D",
        ] {
            #expect(try await count(#""as_of":"\#(time)""#) == nil, "\(time)")
        }
        for member in [#""since":"soon""#, #""as_of":"2026-13-01""#, #""neighbours":21"#] {
            let reply = await room.send(
                "POST", "/v1/search", body: #"{"query":"widgets",\#(member)}"#)
            #expect(reply.status == 400, "\(member)")
            #expect(try code(reply) == "USAGE")
        }
    }

    @Test func `search, context, plan and documents answer`() async throws {
        let search = try await room.send("POST", "/v1/search", body: #"{"query":"widgets"}"#).json()
        let hit = try #require((search["hits"] as? [[String: Any]])?.first)
        #expect(hit["path"] as? String == "runbooks/widgets.md")
        let docid = try #require(hit["docid"] as? String).dropFirst()
        let lines = try await room.send("GET", "/v1/documents/\(docid)?start_line=5&line_count=1")
            .json()
        #expect((lines["text"] as? String)?.hasPrefix("1. List the widgets") == true)
        let list = try await room.send("GET", "/v1/documents").json()
        #expect((list["documents"] as? [Any])?.count == 1)
        let context = await room.send("POST", "/v1/context", body: #"{"goal":"widgets"}"#)
        #expect(context.status == 200)
        let plan = try await room.send(
            "POST", "/v1/plan", body: #"{"goal":"widgets","planner":"primary","run":"r"}"#
        ).json()
        #expect(plan["planner"] as? String == "offline")
        #expect((plan["degraded"] as? [String])?.isEmpty == false)
        let again = await room.send("POST", "/v1/plan", body: #"{"goal":"w","run":"r"}"#)
        #expect(again.status == 409)
    }

    @Test func `indexing stays below the root`() async throws {
        try room.folder.write("# More widgets\n", to: "runbooks/more.md")
        try room.folder.write("KEY=1", to: ".env")
        let report = try await room.send("POST", "/v1/index", body: "{}").json()
        #expect((report["documents"] as? [String: Any])?["added"] as? Int == 1)
        for path in [
            "/etc", "../..", "runbooks/../../..", ".env", ".git/config", "memory",
            "memory/http.token",
        ] {
            let reply = await room.send("POST", "/v1/index", body: #"{"paths":["\#(path)"]}"#)
            #expect(reply.status == 403 || reply.status == 404, "\(path)")
        }
        let link = room.folder.path + "/out"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/etc")
        #expect(await room.send("POST", "/v1/index", body: #"{"paths":["out"]}"#).status == 403)
    }

    @Test(arguments: [
        #"{}"#, #"{"query":""}"#, #"{"query":"  "}"#, #"{"query":1}"#, #"{"query":null}"#,
        #"{"query":"x","limit":0}"#, #"{"query":"x","limit":201}"#, #"{"query":"x","limit":"3"}"#,
        #"{"query":"x","limit":1.5}"#, #"{"query":"x","mode":"fuzzy"}"#, #"{"query":"x","limt":3}"#,
        #"{"query":"x","query":"y"}"#, #"["x"]"#, #""x""#, "null", "", "{", "{}}", "\u{FEFF}{}",
        #"{"query":"\ud800"}"#,
    ])
    func `a body of another form is refused and says why`(body: String) async throws {
        let reply = await room.send("POST", "/v1/search", body: body)
        #expect(reply.status == 400)
        #expect(try ["USAGE", "BAD_JSON"].contains(code(reply)))
    }

    @Test(arguments: ["数据库故障", "파드", "что сломалось", "CrashLoopBackOff 🚀"])
    func `every script may ask`(query: String) async throws {
        let reply = await room.send("POST", "/v1/search", body: #"{"query":"\#(query)"}"#)
        #expect(reply.status == 200)
    }

    @Test func `a body of a million mistakes has a short answer`() async throws {
        let members = (0..<50_000).map { "\"k\($0)\":1" }.joined(separator: ",")
        let reply = await room.send("POST", "/v1/search", body: "{\"query\":\"x\",\(members)}")
        #expect(reply.status == 400)
        #expect(reply.text.utf8.count < 5000)
    }

    @Test func `links lead nowhere`() async throws {
        let outside = try TemporaryFolder()
        try outside.write("# Outside widgets\n", to: "plan.md")
        try FileManager.default.createSymbolicLink(
            atPath: room.folder.path + "/docs", withDestinationPath: outside.path)
        _ = await room.send("POST", "/v1/index", body: "{}")
        let search = await room.send("POST", "/v1/search", body: #"{"query":"outside"}"#)
        #expect(!search.body.contains("Outside"))
        // A folder that becomes a link after it was indexed.
        let list = try await room.send("GET", "/v1/documents").json()
        let entry = try #require((list["documents"] as? [[String: Any]])?.first)
        let docid = try #require(entry["docid"] as? String).dropFirst()
        try outside.write("# Outside widgets\n", to: "widgets.md")
        try FileManager.default.removeItem(atPath: room.folder.path + "/runbooks")
        try FileManager.default.createSymbolicLink(
            atPath: room.folder.path + "/runbooks", withDestinationPath: outside.path)
        let reply = await room.send("GET", "/v1/documents/\(docid)")
        #expect(reply.status == 404)
    }

    @Test func `an unknown member comes with a suggestion`() async throws {
        let reply = await room.send("POST", "/v1/search", body: #"{"query":"x","limt":3}"#)
        #expect(reply.body.contains("did you mean limit?"))
    }

    @Test(arguments: [
        "/v1/kv?prefx=a", "/v1/kv?prefix=a&prefix=b", "/v1/kv?prefix=%zz", "/v1/kv?prefix=%ff",
        "/v1/kv?prefix=%00", "/v1/timeline?limit=x", "/v1/timeline?limit=0", "/v1/kv/%ff",
        "/v1/kv/%0a", "/v1/documents/xyz", "/v1/status?x=1",
    ])
    func `a target of another form is refused`(target: String) async throws {
        #expect(await room.send("GET", target).status == 400)
    }

    @Test func `other methods and paths are refused in the same form`() async throws {
        for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
            let reply = await room.send(method, "/v1/search")
            #expect(reply.status == 405, "\(method)")
            #expect(reply.head.contains("allow: post"), "\(method)")
        }
        let head = await room.send("HEAD", "/v1/status")
        #expect(head.status == 405)
        #expect(head.body.isEmpty, "what follows a HEAD's answer is the next answer")
        for path in ["/", "/v2/search", "/v1/search/", "/v1/kv/a/b", "/V1/kv"] {
            let reply = await room.send("GET", path)
            #expect(reply.status == 404 || reply.status == 405 || reply.status == 400, "\(path)")
        }
        let text = await room.send("POST", "/v1/search", ["Content-Type: text/plain"], body: nil)
        #expect(text.status == 415)
    }

    /// By number in the test's name: some hold bytes that no log should show.
    static let malformed = [
        "GET / HTTP/9.9\r\n\r\n", "\r\n\r\n\r\n", "nonsense\r\n\r\n", "GET\r\n\r\n",
        "POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nZ\r\n",
        "POST /v1/search HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        "GET /v1/status HTTP/1.1\r\nHost: x\r\nA\u{0}: b\r\n\r\n",
        "GET /v1/status HTTP/1.1\r\n Host: x\r\n\r\n",
    ]

    @Test(arguments: malformed.indices)
    func `what is no HTTP ends its connection and nothing else`(index: Int) async throws {
        let reply = await room.raw(Self.malformed[index], patience: 20)
        #expect(reply.status == nil || (400..<500).contains(reply.status ?? 0), "\(reply.text)")
        #expect(await room.send("GET", "/v1/status").status == 200)
    }

    @Test func `a secret in a page or a fact leaves no reply`() async throws {
        let canary = "AKIA" + "QWERTYUIPASDFGHJ"
        let room = try await ServiceRoom(
            pages: ["runbooks/s.md": "# Widget key\n\nThe key is \(canary) for widgets.\n"])
        #expect(
            await room.send("PUT", "/v1/kv/k", body: #"{"value":"\#(canary)"}"#).status == 200)
        var texts: [String] = []
        for (method, path, body) in [
            ("POST", "/v1/search", #"{"query":"widget key"}"#), ("GET", "/v1/kv/k", nil),
            ("POST", "/v1/context", #"{"goal":"widget key"}"#), ("GET", "/v1/kv", nil),
            ("POST", "/v1/plan", #"{"goal":"widget key \#(canary)"}"#),
        ] as [(String, String, String?)] {
            texts.append(await room.send(method, path, body: body).text)
        }
        #expect(texts.allSatisfy { !$0.contains(canary) })
        #expect(texts.allSatisfy { $0.contains("\"redacted\":") })
    }

    @Test func `a line of a key tells no more than the whole key`() async throws {
        let body = (0..<6).map { _ in "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj" + "AgEAAoIBAQDJ0x"
        }
        let kind = "PRIVATE" + " KEY"
        let pem = ["-----BEGIN \(kind)-----"] + body + ["-----END \(kind)-----"]
        let room = try await ServiceRoom(
            pages: ["runbooks/s.md": "# Widget key\n\n```\n\(pem.joined(separator: "\n"))\n```\n"])
        let list = try await room.send("GET", "/v1/documents").json()
        let entry = try #require((list["documents"] as? [[String: Any]])?.first)
        let docid = try #require(entry["docid"] as? String).dropFirst()
        for line in 4...11 {
            let reply = await room.send(
                "GET", "/v1/documents/\(docid)?start_line=\(line)&line_count=1")
            #expect(reply.status == 200)
            #expect(!reply.body.contains("MIIEvQ"), "line \(line)")
        }
        let search = await room.send("POST", "/v1/search", body: #"{"query":"MIIEvQIBADANBg"}"#)
        #expect(!search.body.contains("MIIEvQIBADANBgkqhkiG9w0BAQEF"))
    }

    @Test func `a fact's key says that its value is a secret`() async throws {
        let value = "hunter2-Zq9x" + "Kd83mW"
        let set = await room.send("PUT", "/v1/kv/db.password", body: #"{"value":"\#(value)"}"#)
        let read = await room.send("GET", "/v1/kv/db.password")
        let list = await room.send("GET", "/v1/kv?prefix=db")
        for reply in [set, read, list] {
            #expect(reply.status == 200)
            #expect(!reply.body.contains(value), "\(reply.body)")
        }
    }

    @Test func `plans of one goal at once are runs of their own`() async throws {
        let runs = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<6 {
                group.addTask { [room] in
                    let reply = await room.send("POST", "/v1/plan", body: #"{"goal":"widgets"}"#)
                    return try? reply.json()["run"] as? String
                }
            }
            return await group.reduce(into: [String?]()) { $0.append($1) }
        }
        #expect(Set(runs.compactMap { $0 }).count == 6)
    }

    @Test func `before there is a memory the service says so`() async throws {
        let room = try await ServiceRoom(pages: [:])
        #expect(await room.send("GET", "/healthz").status == 200)
        #expect(await room.send("GET", "/readyz").status == 503)
        #expect(await room.send("GET", "/metrics").status == 200)
        let reply = await room.send("POST", "/v1/search", body: #"{"query":"x"}"#)
        #expect(reply.status == 404)
        #expect(try code(reply) == "NOT_INDEXED")
    }

    @Test func `figures have the form that Prometheus reads`() async throws {
        _ = await room.send("POST", "/v1/search", body: #"{"query":"widgets"}"#)
        let reply = await room.send("GET", "/metrics")
        #expect(reply.head.contains("text/plain; version=0.0.4"))
        let sample = /[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [0-9.e+-]+/
        for line in reply.body.split(separator: "\n") where !line.hasPrefix("#") {
            #expect(line.wholeMatch(of: sample) != nil, "\(line)")
        }
        #expect(
            reply.body.contains(
                #"conductor_http_requests_total{method="POST",route="/v1/search",status="200"} 1"#))
        #expect(reply.body.contains("conductor_memory_documents 1\n"))
        #expect(
            reply.body.contains(#"route="/v1/search",le="+Inf"} 1"#)
                || reply.body.contains(#"le="+Inf",route="/v1/search"} 1"#))
        #expect(!reply.body.contains("widgets"), "never what a client sent")
    }

    @Test func `every route of the description is served`() async throws {
        let document = try await room.send("GET", "/openapi.json").json()
        #expect(document["openapi"] as? String == "3.1.0")
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        #expect(paths.count >= 9)
        for (path, methods) in paths {
            for method in methods.keys {
                let target = path.replacing("{key}", with: "a").replacing(
                    "{docid}", with: "0123456789ab")
                let reply = await room.send(method.uppercased(), target)
                #expect(reply.status != 405, "\(method) \(path)")
                #expect(!reply.body.contains("nothing is served"), "\(method) \(path)")
            }
        }
    }
}
