import Foundation
import Glibc
import Orchestration
import StrictJSON

/// Data goes to stdout, prose to stderr.
enum Console {
    /// Whether stdout is a terminal that wants escapes.
    static var isStyled: Bool {
        isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
    }

    /// Lines of data; a line end is added where there is none.
    static func print(_ text: String) {
        write(Data((text.hasSuffix("\n") ? text : text + "\n").utf8), to: .standardOutput)
    }

    /// One object of data.
    static func print(json value: some Encodable) throws {
        write(try StrictJSON.encode(value) + [0x0A], to: .standardOutput)
    }

    /// One line of prose.
    static func note(_ text: String) {
        write(Data((safe(text) + "\n").utf8), to: .standardError)
    }

    /// Text from files, with everything that could steer a terminal made visible.
    static func safe(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x09: result.append(scalar)
            case 0..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069:
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Bold on a terminal, plain elsewhere.
    static func bold(_ text: String) -> String {
        isStyled ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    }

    private static func write(_ data: Data, to handle: FileHandle) {
        do {
            try handle.write(contentsOf: data)
        } catch {
            // Nobody reads the prose; the data may still be wanted.
            guard handle.fileDescriptor != STDERR_FILENO else { return }
            // A full disk or closed descriptor: the data did not arrive, and the exit code says so.
            _exit(Failure.Code.failure.rawValue)
        }
    }
}
