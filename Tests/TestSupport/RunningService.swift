internal import Foundation
internal import Glibc

/// `conductor serve` of the built program, on a free port, until the value goes away.
public final class RunningService: Sendable {
    /// Where it listens.
    public let port: Int
    /// What clients must send.
    public let token: String
    /// What it told on stderr so far.
    public var errors: String {
        FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Its process's number.
    public let processID: Int32

    private let log: String
    private let scratch: TemporaryFolder

    /// Starts it and waits until it listens.
    public init(_ conductor: BuiltBinary, _ arguments: String...) throws {
        scratch = try TemporaryFolder()
        log = try scratch.write("", to: "err")
        let out = Pipe()
        let process = conductor.process(
            BuiltBinary.path, ["serve", "--port", "0", "--json"] + arguments)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = out
        process.standardError = FileHandle(forWritingAtPath: log)
        try process.run()
        processID = process.processIdentifier
        // The first line comes once it listens; the end of the pipe, where it could not.
        var line = Data()
        while !line.contains(0x0A), case let piece = out.fileHandleForReading.availableData,
            !piece.isEmpty
        { line += piece }
        let told = try JSONSerialization.jsonObject(with: line) as? [String: String]
        port = told?["url"].flatMap { URL(string: $0)?.port } ?? 0
        token = try String(contentsOfFile: told?["token_file"] ?? "", encoding: .utf8)
            .trimmingCharacters(in: .newlines)
    }

    deinit {
        kill(processID, SIGKILL)
    }

    /// Sends a request with the token.
    public func send(_ method: String, _ target: String, body: String? = nil) async -> RawReply {
        await RawHTTP.exchange(
            port: port,
            [RawHTTP.request(method, target, port: port, token: token, body: body)])
    }
}
