internal import Glibc

/// A bound on work that does not look at a clock: the system ends the process that passes it.
public enum ProcessorTime {
    /// Ends this process by a signal once it has used so much processor time from its start.
    ///
    /// Only for the body of an exit test.
    public static func limit(seconds: UInt) {
        var limit = rlimit(rlim_cur: seconds, rlim_max: seconds)
        precondition(setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit) == 0, "no limit")
    }
}
