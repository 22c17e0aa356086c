internal import Glibc
internal import StrictJSON
internal import Synchronization

/// Writes messages to a descriptor, each as one line; the mutex keeps lines whole.
final class LineWriter: Sendable {
    private let descriptor: Int32
    private let state = Mutex(true)

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Whether somebody still reads.
    var isOpen: Bool { state.withLock { $0 } }

    /// Writes a message; does nothing where nobody reads any more.
    func write(_ message: JSONValue) {
        let bytes = message.canonicalBytes + [0x0A]
        state.withLock { isOpen in
            var rest = bytes[...]
            while isOpen, !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Glibc.write(descriptor, $0.baseAddress, $0.count)
                }
                if count < 0, errno == EINTR || Descriptor.waits(descriptor, for: POLLOUT) {
                    continue
                }
                guard count > 0 else {
                    isOpen = false
                    return
                }
                rest = rest.dropFirst(count)
            }
        }
    }
}
