import Glibc

/// Reads the time that processors have spent on this process.
///
/// Not the time that has passed: with other work on the machine, long calls would be interrupted more
/// often than short ones, and every comparison would favour the short.
struct Stopwatch {
    private let start = Stopwatch.now()

    /// Since it was made.
    var nanoseconds: Int { Stopwatch.now() - start }

    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}

/// The least time of a few runs, in nanoseconds: other work on the machine only ever adds.
func nanoseconds(runs: Int = 5, _ body: () -> Void) -> Double {
    var least = Double.infinity
    for _ in 0..<runs { least = min(least, nanosecondsOnce(body)) }
    return least
}

/// The time of one run.
func nanosecondsOnce(_ body: () -> Void) -> Double {
    let watch = Stopwatch()
    body()
    return Double(watch.nanoseconds)
}

/// Keeps a result alive for the optimizer's eyes.
@inline(never)
func use<Value>(_ value: Value) {}
