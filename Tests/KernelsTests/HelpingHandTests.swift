import Foundation
import Kernels
import Synchronization
import Testing

struct HelpingHandTests {
    /// Lets a thread of its own come to help, and tells whether it did: tests hold all of the pool's.
    private func helper(_ hand: HelpingHand, _ told: @escaping @Sendable (Bool) -> Void) {
        Thread.detachNewThread { told(hand.help()) }
    }

    @Test func `who waits to help does the share, and nobody does it twice`() async {
        var helped = 0
        for _ in 0..<200 {
            let hand = HelpingHand()
            let done = Mutex(0)
            hand.begin()
            let hasHelped: Bool = await withCheckedContinuation { helped in
                helper(hand) { helped.resume(returning: $0) }
                // Until it has come; or it came, and grew tired of waiting.
                while !hand.give({ done.withLock { $0 += 1 } }), !hand.isOver {}
            }
            #expect(done.withLock { $0 } == (hasHelped ? 1 : 0))
            #expect(!hand.give {})
            helped += hasHelped ? 1 : 0
        }
        #expect(helped > 0)
    }

    @Test func `a task that has not begun, or is over, is not helped with`() {
        #expect(!HelpingHand().help())
        let hand = HelpingHand()
        hand.begin()
        hand.end()
        #expect(!hand.help())
        hand.begin()
        #expect(!hand.help() && !hand.isOffered)
    }

    @Test func `a share that nobody waits for is dropped`() {
        let hand = HelpingHand()
        #expect(!hand.give {})
        hand.begin()
        #expect(!hand.isOffered && !hand.give {})
    }

    @Test func `who waits goes away once the task has ended`() async {
        let hand = HelpingHand()
        hand.begin()
        let hasHelped: Bool = await withCheckedContinuation { helped in
            helper(hand) { helped.resume(returning: $0) }
            while !hand.isOffered, !hand.isOver {}
            hand.end()
        }
        #expect(!hasHelped)
    }
}
