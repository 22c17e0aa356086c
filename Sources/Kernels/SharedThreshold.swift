internal import Synchronization

/// The greatest threshold that the parts of one search have reached; it only rises.
public final class SharedThreshold: Sendable {
    // Whole numbers in the order of the scores.
    private let order = Atomic<Int32>(Int32.min)

    /// No part has reached anything.
    public init() {}

    var value: Float {
        let order = order.load(ordering: .relaxed)
        return order == .min
            ? -.infinity : Float(bitPattern: UInt32(bitPattern: order < 0 ? ~order ^ .min : order))
    }

    func raise(to threshold: Float) {
        let bits = Int32(bitPattern: threshold.bitPattern)
        order.max(bits < 0 ? ~(bits ^ .min) : bits, ordering: .relaxed)
    }
}
