import Dispatch
import Kernels
import Synchronization
import Testing

@Suite(.enabled(if: Processors.count > 1, "there is but one processor"))
struct SecondThreadTests {
    /// Hands the task over once the thread is ready for it.
    private func give(_ task: @escaping @Sendable () -> Void, to thread: SecondThread) async {
        while !thread.take(task) { await Task.yield() }
    }

    @Test func `tasks are done one after the other, whether it sleeps or looks for them`()
        async
        throws
    {
        let thread = try #require(SecondThread())
        let done = Mutex<[Int]>([])
        for number in 0..<300 {
            await give({ done.withLock { $0.append(number) } }, to: thread)
            // Now and then for so long that it goes to sleep.
            if number.isMultiple(of: 30) {
                let end = ContinuousClock.now + .milliseconds(1)
                while ContinuousClock.now < end {}
            }
        }
        while done.withLock({ $0.count }) < 300 { await Task.yield() }
        #expect(done.withLock { $0 } == Array(0..<300))
    }

    @Test func `a second task is not taken before the first is done`() async throws {
        let thread = try #require(SecondThread())
        let gate = DispatchSemaphore(value: 0)
        let done = Mutex(false)
        await give({ gate.wait() }, to: thread)
        #expect(!thread.take { done.withLock { $0 = true } })
        gate.signal()
        await give({ done.withLock { $0 = true } }, to: thread)
        while !done.withLock({ $0 }) { await Task.yield() }
    }

    @Test func `a thread that nobody holds ends once its task is done`() async throws {
        final class Witness: Sendable {}
        let ended = Mutex(false)
        weak var witness: Witness?
        do {
            let thread = try #require(SecondThread())
            let held = Witness()
            witness = held
            await give({ [held] in ended.withLock { $0 = held === held } }, to: thread)
        }
        while witness != nil { await Task.yield() }
        #expect(ended.withLock { $0 })
    }
}

@Suite(.enabled(if: Processors.count > 1, "there is but one processor"))
struct MeetingTests {
    /// Each side writes its row of every step and reads the other's.
    private func walk(
        _ side: Meeting.Side, at meeting: Meeting, _ shared: [SharedRows], steps: Int
    ) -> [Float]? {
        let (own, other) = side == .first ? (0, 1) : (1, 0)
        var read: [Float] = []
        for step in 0..<steps {
            let rows = shared[step % 2]
            let began = ContinuousClock.now
            rows.write(FloatRows(dimension: 1, values: [Float(step * 2 + own)]), from: own)
            meeting.arrive(side)
            guard meeting.waitForOther(side, since: began) else { return nil }
            read += rows.rows(other..<other + 1).values
        }
        return read
    }

    @Test func `what was written before a meeting is read after it`() async throws {
        let thread = try #require(SecondThread())
        // On a busy machine one side may be late: then the meeting ends, and another is tried.
        for _ in 0..<20_000 {
            let meeting = Meeting()
            let shared = [0, 1].map { _ in SharedRows(dimension: 1, capacity: 2) }
            let theirs = Mutex<[Float]??>(nil)
            while !thread.take({
                let read = walk(.second, at: meeting, shared, steps: 40)
                theirs.withLock { $0 = .some(read) }
            }) { await Task.yield() }
            let ours = walk(.first, at: meeting, shared, steps: 40)
            while theirs.withLock({ $0 == nil }) { await Task.yield() }
            guard let ours, let read = theirs.withLock({ $0 ?? nil }) else { continue }
            let even = (0..<40).map { Float(2 * $0) }
            #expect(read == even)
            #expect(ours == even.map { $0 + 1 })
            return
        }
        Issue.record("the two never met 40 times in turn")
    }

    @Test func `who waits in vain ends the meeting for both`() {
        let meeting = Meeting()
        meeting.arrive(.first)
        #expect(!meeting.waitForOther(.first, since: .now))
        meeting.arrive(.second)
        #expect(!meeting.waitForOther(.second, since: .now))
    }
}
