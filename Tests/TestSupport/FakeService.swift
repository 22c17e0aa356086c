public import Foundation
internal import Glibc
internal import Synchronization

/// A real HTTP server on a loopback port that replays what it is told, byte by byte, faults included.
///
/// One request a connection. Stops when the value goes away.
public final class FakeService: Sendable {
    /// What a client sent.
    public struct Request: Sendable {
        /// `POST /v1/messages`.
        public let line: String
        /// By lower-case name.
        public let headers: [String: String]
        /// The body.
        public let body: Data
    }

    /// How a reply ends.
    public enum Ending: Sendable {
        /// As HTTP wants it.
        case whole
        /// The connection is closed in the middle.
        case cut
        /// The connection is reset.
        case reset
        /// Nothing more comes, and the connection stays open until the server stops.
        case silence
        /// The last piece again and again, until the client goes away.
        case endless
    }

    /// What is answered.
    public struct Reply: Sendable {
        /// The status.
        public var status = 200
        /// Besides the framing.
        public var headers: [(String, String)] = []
        /// Sent one by one, each as a piece of its own.
        public var pieces: [Data] = []
        /// How it ends.
        public var ending = Ending.whole

        /// A reply.
        public init(
            status: Int = 200, _ headers: [(String, String)] = [], pieces: [Data],
            ending: Ending = .whole
        ) {
            self.status = status
            self.headers = headers
            self.pieces = pieces
            self.ending = ending
        }
    }

    /// Where it listens.
    public let port: UInt16

    private let listener: Int32
    private let respond: @Sendable (Request, Int) -> Reply
    private let state = Mutex(State())

    private struct State {
        var requests: [Request] = []
        var connections: Set<Int32> = []
        var isStopped = false
    }

    /// Starts a server; `respond` gives the reply to a request, told how many came before it.
    public init(_ respond: @escaping @Sendable (Request, Int) -> Reply) throws {
        self.respond = respond
        signal(SIGPIPE, SIG_IGN)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isReady = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(descriptor, raw, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, raw, &length) == 0
            }
        }
        guard descriptor >= 0, isReady else { throw POSIXError(.EADDRNOTAVAIL) }
        listener = descriptor
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self, descriptor] in
            // Only here: closed elsewhere, its number might be another server's by the next accept.
            defer { close(descriptor) }
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                guard let self, self.adopt(connection) else {
                    close(connection)
                    return
                }
                Thread.detachNewThread { [weak self] in self?.serve(connection) }
            }
        }
    }

    deinit {
        stop()
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// What came so far.
    public var requests: [Request] { state.withLock { $0.requests } }

    /// Ends every connection and stops listening.
    public func stop() {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.isStopped = true
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
            shutdown(listener, Int32(SHUT_RDWR))
        }
    }

    private func adopt(_ connection: Int32) -> Bool {
        state.withLock { state in
            guard !state.isStopped else { return false }
            state.connections.insert(connection)
            return true
        }
    }

    private func serve(_ connection: Int32) {
        defer {
            state.withLock { _ = $0.connections.remove(connection) }
            close(connection)
        }
        guard let request = Self.read(connection) else { return }
        let count = state.withLock { state in
            state.requests.append(request)
            return state.requests.count - 1
        }
        let reply = respond(request, count)
        var on: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(4))
        var head = "HTTP/1.1 \(reply.status) Status\r\n"
        for (name, value) in reply.headers { head += "\(name): \(value)\r\n" }
        head += "transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
        guard Self.write(Data(head.utf8), to: connection) else { return }
        for piece in reply.pieces where !piece.isEmpty {
            guard Self.write(Self.chunk(piece), to: connection) else { return }
            // So that the pieces travel one by one.
            usleep(500)
        }
        end(reply, connection)
    }

    private func end(_ reply: Reply, _ connection: Int32) {
        switch reply.ending {
        case .whole: _ = Self.write(Data("0\r\n\r\n".utf8), to: connection)
        case .cut: break
        case .reset:
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(
                connection, SOL_SOCKET, SO_LINGER, &linger,
                socklen_t(MemoryLayout<Glibc.linger>.size))
        case .silence:
            var byte: UInt8 = 0
            _ = recv(connection, &byte, 1, 0)
        case .endless:
            while let last = reply.pieces.last, Self.write(Self.chunk(last), to: connection) {}
        }
    }

    private static func chunk(_ piece: Data) -> Data {
        Data("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Data("\r\n".utf8)
    }

    private static func write(_ data: Data, to connection: Int32) -> Bool {
        var rest = [UInt8](data)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func read(_ connection: Int32) -> Request? {
        var bytes = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var expected: Int?
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
            guard let end = bytes.range(of: Data("\r\n\r\n".utf8)) else { continue }
            let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
                .components(separatedBy: "\r\n")
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2 else { continue }
                headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
            }
            expected = headers["content-length"].flatMap { Int($0) } ?? 0
            let body = bytes[end.upperBound...]
            guard body.count >= expected ?? 0 else { continue }
            let words = lines[0].split(separator: " ")
            return Request(
                line: words.prefix(2).joined(separator: " "), headers: headers, body: Data(body))
        }
    }
}
