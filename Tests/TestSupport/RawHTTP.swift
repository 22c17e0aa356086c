internal import Foundation
internal import Glibc

/// What came back over a connection, to the byte.
public struct RawReply: Sendable {
    /// All bytes, as text.
    public let text: String
    /// Whether the server closed the connection, rather than the client losing patience.
    public let isClosed: Bool

    /// The status of the first response; nil where there was none.
    public var status: Int? {
        text.prefixMatch(of: /HTTP\/1\.1 (\d{3})\ /).flatMap { Int($0.1) }
    }

    /// What follows the first empty line.
    public var body: String {
        text.range(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
    }

    /// The first response's header, in lower case.
    public var head: String {
        text.range(of: "\r\n\r\n").map { text[..<$0.lowerBound].lowercased() } ?? ""
    }

    /// The body as a JSON object.
    public func json() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] ?? [:]
    }
}

/// A client that sends just the bytes it is told, on a thread of its own.
public enum RawHTTP {
    /// Sends pieces over one connection and reads until the server closes it.
    ///
    /// - Parameters:
    ///   - port: on this machine.
    ///   - pieces: sent one by one.
    ///   - patience: seconds without a byte before the client gives up.
    ///   - answer: what must have come back before the second piece is sent; nil sends it at once.
    /// - Returns: what came back.
    public static func exchange(
        port: Int, _ pieces: [String], patience: Int = 120, awaiting answer: String? = nil
    ) async -> RawReply {
        await withCheckedContinuation { done in
            Thread.detachNewThread {
                done.resume(returning: blockingExchange(port, pieces, patience, answer))
            }
        }
    }

    /// A request with the headers that the service wants.
    public static func request(
        _ method: String, _ target: String, port: Int, token: String?, _ headers: [String] = [],
        body: String? = nil
    ) -> String {
        var lines = [
            "\(method) \(target) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close",
        ]
        if let token { lines.append("Authorization: Bearer \(token)") }
        if let body {
            lines += ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
        }
        return (lines + headers).joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    }

    private static func blockingExchange(
        _ port: Int, _ pieces: [String], _ patience: Int, _ answer: String?
    ) -> RawReply {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(connection) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return RawReply(text: "", isClosed: true) }
        var time = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(
            connection, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        for (index, piece) in pieces.enumerated() {
            while index == 1, let answer,
                !String(decoding: bytes, as: UTF8.self).contains(answer)
            {
                let count = recv(connection, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                bytes += buffer[..<count]
            }
            var rest = Array(piece.utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { break }
                rest = rest.dropFirst(count)
            }
        }
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else {
                let isClosed = count == 0 || errno == ECONNRESET
                return RawReply(text: String(decoding: bytes, as: UTF8.self), isClosed: isClosed)
            }
            bytes += buffer[..<count]
        }
    }
}
