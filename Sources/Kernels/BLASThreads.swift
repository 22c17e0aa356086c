internal import Glibc

/// The threads of the system's BLAS.
public enum BLASThreads {
    /// Makes every product run on the thread that asks for it, so that callers may run side by side
    /// without fighting over processors.
    ///
    /// Holds for the whole process from then on. The generic `libblas.so.3` has no such setting; the
    /// provider that it loads may, and is looked for by name.
    ///
    /// - Returns: whether a provider was told; false where it manages its threads itself.
    @discardableResult
    public static func useCallingThread() -> Bool {
        guard let symbol = dlsym(nil, "openblas_set_num_threads") else { return false }
        typealias Setter = @convention(c) (Int32) -> Void
        unsafeBitCast(symbol, to: Setter.self)(1)
        return true
    }
}
