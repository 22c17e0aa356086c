internal import Glibc

/// Descriptors that somebody else made, and may have made non-blocking.
enum Descriptor {
    /// Waits until a descriptor that said "not now" is ready; false where it said something else.
    static func waits(_ descriptor: Int32, for events: Int32) -> Bool {
        guard errno == EAGAIN || errno == EWOULDBLOCK else { return false }
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return poll(&entry, 1, -1) > 0
    }
}
