import Foundation
import Glibc
import TestSupport
import Testing

/// The service as a process: it starts, shares the memory with other commands, and stops.
@Suite struct ServeTests {
    let world: ExampleWorld
    let conductor: BuiltBinary

    init() async throws {
        world = try ExampleWorld()
        conductor = BuiltBinary(in: world.folder.path, environment: ExampleWorld.withoutModel)
        #expect(try await conductor.run("kv", "import", "facts.json").status == 0)
        #expect(try await conductor.run("index").status == 0)
    }

    @Test func `the same query has the same hits at the terminal and over HTTP`() async throws {
        let service = try RunningService(conductor)
        for query in ["pods stuck in CrashLoopBackOff", "SQS", "who owns the webhook gateway"] {
            let here = try await conductor.run("search", query, "--json", "-n", "20").json()
            let there = try await service.send(
                "POST", "/v1/search", body: #"{"query":"\#(query)","limit":20}"#
            ).json()
            #expect(NSDictionary(dictionary: here).isEqual(to: there), "\(query)")
        }
    }

    @Test func `other commands write while it serves, and it sees what they wrote`() async throws {
        let service = try RunningService(conductor)
        #expect(try await conductor.run("kv", "set", "owner.x", "me").status == 0)
        #expect(await service.send("GET", "/v1/kv/owner.x").body.contains("\"me\""))
        #expect(
            await service.send("PUT", "/v1/kv/owner.y", body: #"{"value":"you"}"#).status == 200)
        #expect(try await conductor.run("kv", "get", "owner.y").output == "you\n")
    }

    @Test func `a memory that is being written elsewhere is busy, and reading goes on`()
        async throws
    {
        let service = try RunningService(conductor)
        let lock = world.folder.path + "/memory/LOCK"
        let descriptor = open(lock, O_RDWR)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX) == 0)
        let reply = await service.send("PUT", "/v1/kv/a", body: #"{"value":"1"}"#)
        #expect(reply.status == 409)
        #expect(reply.body.contains("\"BUSY\""))
        #expect(await service.send("GET", "/v1/status").status == 200)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a signal stops it with exit code 0, after the requests at work`(
        number: Int32
    ) async throws {
        let line = """
            "$CONDUCTOR" serve --port 0 --json > out & pid=$!
            until [ -s out ]; do sleep 0.02; done
            kill -\(number) $pid; wait $pid
            """
        let reply = try await conductor.shell(line)
        #expect(reply.status == 0, "\(reply.errors)")
    }

    @Test func `what it cannot do it says at once`() async throws {
        let service = try RunningService(conductor)
        let taken = try await conductor.run("serve", "--port", "\(service.port)", "--json")
        #expect(taken.status == 1)
        #expect(taken.output.contains("\"SERVE\""))
        #expect(try await conductor.run("serve", "--host", "0.0.0.0").status == 2)
        let open = try world.folder.write(String(repeating: "a", count: 64), to: "token")
        chmod(open, 0o644)
        let denied = try await conductor.run("serve", "--port", "0", "--token-file", open)
        #expect(denied.status == 8)
        #expect(denied.errors.contains("chmod 600"))
        chmod(open, 0o600)
        let own = try RunningService(conductor, "--token-file", open)
        #expect(await own.send("GET", "/v1/status").status == 200)
    }

    @Test func `its log tells no query, no key and no token`() async throws {
        let service = try RunningService(conductor, "--access-log")
        let canary = "canaryquery7391"
        _ = await service.send("POST", "/v1/search", body: #"{"query":"\#(canary)"}"#)
        _ = await service.send("GET", "/v1/kv/\(canary)")
        _ = await service.send("GET", "/v1/kv?prefix=\(canary)")
        #expect(service.errors.contains("route=/v1/search"))
        #expect(service.errors.contains("route=/v1/kv/{key}"))
        #expect(!service.errors.contains(canary))
        #expect(!service.errors.contains(service.token))
    }
}
