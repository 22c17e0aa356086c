public import Foundation

/// Runs the `conductor` that was built beside the tests.
public struct BuiltBinary: Sendable {
    /// What a finished process left.
    public struct Result: Sendable {
        /// The exit code; 128 and the signal's number where a signal ended it.
        public let status: Int32
        /// All of stdout.
        public let output: String
        /// All of stderr.
        public let errors: String

        /// Stdout as a JSON object.
        public func json() throws -> [String: Any] {
            let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
            return value as? [String: Any] ?? [:]
        }
    }

    /// The built program.
    public static let path = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appending(path: "conductor").path

    /// As many programs at once as there are processors: more would only slow each other.
    private static let room = DispatchSemaphore(
        value: max(2, ProcessInfo.processInfo.activeProcessorCount))

    /// The folder it is run in.
    public let folder: String
    /// Variables set on top of this process's own.
    public let environment: [String: String]

    /// A way to run the program in a folder.
    public init(in folder: String, environment: [String: String] = [:]) {
        self.folder = folder
        self.environment = environment
    }

    /// Starts the program without waiting; its output is thrown away.
    public func start(_ arguments: [String]) throws -> Process {
        let process = process(Self.path, arguments)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Runs the program to its end.
    public func run(_ arguments: String..., input: String = "") async throws -> Result {
        try await run(Self.path, arguments, input: input)
    }

    /// The same with arguments in a list.
    public func run(_ arguments: [String]) async throws -> Result {
        try await run(Self.path, arguments, input: "")
    }

    /// Runs a shell line to its end; `$CONDUCTOR` is the program.
    public func shell(_ line: String) async throws -> Result {
        try await run("/bin/bash", ["-c", line], input: "")
    }

    func process(_ program: String, _ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        var variables = ProcessInfo.processInfo.environment
        variables["CONDUCTOR_ROOT"] = nil
        variables["CONDUCTOR"] = Self.path
        process.environment = variables.merging(environment) { $1 }
        return process
    }

    /// Runs a short shell line to its end and blocks this thread meanwhile.
    public func shortShell(_ line: String) throws -> Result {
        try wait("/bin/bash", ["-c", line], input: "")
    }

    /// Waits on a thread of its own, so that the tests of what runs in this process go on.
    private func run(
        _ program: String, _ arguments: [String], input: String
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { done in
            Thread.detachNewThread {
                Self.room.wait()
                defer { Self.room.signal() }
                done.resume(with: Swift.Result { try wait(program, arguments, input: input) })
            }
        }
    }

    private func wait(_ program: String, _ arguments: [String], input: String) throws -> Result {
        let process = process(program, arguments)
        // Files rather than pipes: nothing to drain, whatever the size.
        let scratch = try TemporaryFolder()
        let names = try ["in", "out", "err"].map { try scratch.write("", to: $0) }
        try Data(input.utf8).write(to: URL(filePath: names[0]))
        process.standardInput = FileHandle(forReadingAtPath: names[0])
        process.standardOutput = FileHandle(forWritingAtPath: names[1])
        process.standardError = FileHandle(forWritingAtPath: names[2])
        try process.run()
        process.waitUntilExit()
        func text(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(filePath: name)), as: UTF8.self)
        }
        let isSignal = process.terminationReason == .uncaughtSignal
        return Result(
            status: isSignal ? 128 + process.terminationStatus : process.terminationStatus,
            output: try text(names[1]), errors: try text(names[2]))
    }
}
