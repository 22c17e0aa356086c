/// The least time of a few runs, in nanoseconds: other work on the machine only ever adds.
func nanoseconds(runs: Int = 5, _ body: () -> Void) -> Double {
    var least = Double.infinity
    for _ in 0..<runs { least = min(least, nanosecondsOnce(body)) }
    return least
}

func nanosecondsOnce(_ body: () -> Void) -> Double {
    let start = ContinuousClock.now
    body()
    return (ContinuousClock.now - start) / .nanoseconds(1)
}

/// Keeps a result alive for the optimizer's eyes.
@inline(never)
func use<Value>(_ value: Value) {}
