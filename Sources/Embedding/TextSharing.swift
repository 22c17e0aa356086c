internal import Kernels
internal import Synchronization

/// Two threads that work out one text: each has half of its rows and goes through the layers with
/// them; they meet once a layer, when attention needs the keys and values of all rows.
///
/// A second thread that is late is not waited for: the text is worked out again alone, and the
/// next ones too for a while.
final class TextSharing: Sendable {
    /// Below this the weights' way through the caches takes longer than the products.
    private static let fewestTokens = 4
    /// Texts worked out alone after the second thread was late: the processors have other work.
    private static let textsAlone = 32

    private let thread = Mutex<SecondThread?>(nil)
    private let textsToGo = Atomic<Int>(0)
    /// What the last text was worked out in; nobody touches it any more.
    private let idle = Mutex<SharedText.Memory?>(nil)

    /// Nil where no second thread can help: one processor, or rows whose bits depend on the rows
    /// beside them.
    init?(_ precision: Precision) {
        guard Processors.count > 1 else { return nil }
        guard precision == .int8 || InstructionSet.current != .scalar else { return nil }
    }

    /// The mean of the text's last hidden states; nil where it was not shared or the second thread
    /// was late.
    func meanState(of text: [Int32], by encoder: TransformerEncoder) -> FloatRows? {
        guard text.count >= Self.fewestTokens, isWorthTrying, let thread = secondThread() else {
            return nil
        }
        let half = (text.count + 1) / 2
        let task = SharedText(text, of: encoder, in: idle.withLock { $0.take() })
        guard thread.take({ task.work(half..<text.count, side: .second) }) else {
            idle.withLock { $0 = task.memory }
            return nil
        }
        return mean(of: task, isDone: task.work(0..<half, side: .first))
    }

    /// The same, worked out alone until somebody comes to help, who then takes half of the rows
    /// through the layers that are left.
    func meanState(
        of text: [Int32], by encoder: TransformerEncoder, helpedBy hand: HelpingHand
    ) -> FloatRows? {
        guard text.count >= Self.fewestTokens, isWorthTrying else { return nil }
        let half = (text.count + 1) / 2
        return encoder.withWorkspace { space in
            encoder.begin(text, at: encoder.positions(0..<text.count), in: &space)
            for layer in 0..<encoder.layerCount {
                if hand.isOffered {
                    let task = SharedText(text, of: encoder, in: idle.withLock { $0.take() })
                    let rest = layer..<encoder.layerCount
                    let own = task.hold(space.states, first: half)
                    if hand.give({ task.work(half..<text.count, side: .second, rest) }) {
                        space.states = own
                        let isDone = task.work(0..<half, side: .first, rest, in: &space)
                        return mean(of: task, isDone: isDone)
                    }
                    idle.withLock { $0 = task.memory }
                }
                encoder.passAlone(layer..<layer + 1, lengths: [text.count], in: &space)
            }
            return space.states.meanPooled(lengths: [text.count])
        }
    }

    private func mean(of task: SharedText, isDone: Bool) -> FloatRows? {
        guard isDone, let mean = task.mean() else {
            textsToGo.store(Self.textsAlone, ordering: .relaxed)
            return nil
        }
        idle.withLock { $0 = task.memory }
        return mean
    }

    private var isWorthTrying: Bool {
        guard textsToGo.load(ordering: .relaxed) > 0 else { return true }
        textsToGo.wrappingSubtract(1, ordering: .relaxed)
        return false
    }

    /// Made when first needed: most commands embed nothing.
    private func secondThread() -> SecondThread? {
        thread.withLock { thread in
            if thread == nil { thread = SecondThread() }
            return thread
        }
    }
}

/// One text while two threads work it out.
private final class SharedText: Sendable {
    struct Memory: Sendable {
        /// Queries, keys and values of a layer; of the next layer meanwhile in the other one.
        let even, odd: SharedRows
        let states: SharedRows

        init(hiddenSize: Int, capacity: Int) {
            even = SharedRows(dimension: 3 * hiddenSize, capacity: capacity)
            odd = SharedRows(dimension: 3 * hiddenSize, capacity: capacity)
            states = SharedRows(dimension: hiddenSize, capacity: capacity)
        }
    }

    /// Why the layers were not gone through: the other thread is late, or gave up.
    private struct PartnerIsLate: Error {}

    let memory: Memory
    private let text: [Int32]
    private let encoder: TransformerEncoder
    private let meeting = Meeting()

    init(_ text: [Int32], of encoder: TransformerEncoder, in idle: Memory?) {
        self.text = text
        self.encoder = encoder
        if let idle, idle.states.capacity >= text.count {
            memory = idle
        } else {
            memory = Memory(
                hiddenSize: encoder.architecture.hiddenSize, capacity: max(text.count, 32))
        }
    }

    /// Keeps states that one thread worked out alone.
    ///
    /// - Returns: the first of them.
    func hold(_ states: FloatRows, first count: Int) -> FloatRows {
        memory.states.write(states, from: 0)
        return memory.states.rows(0..<count)
    }

    /// Works out some of the rows from the beginning.
    ///
    /// - Returns: false where the other thread gave up or was late.
    @discardableResult
    func work(_ rows: Range<Int>, side: Meeting.Side) -> Bool {
        encoder.withWorkspace { space in
            encoder.begin(Array(text[rows]), at: encoder.positions(rows), in: &space)
            return work(rows, side: side, 0..<encoder.layerCount, in: &space)
        }
    }

    /// Takes some of the rows that are held through the last layers.
    func work(_ rows: Range<Int>, side: Meeting.Side, _ layers: Range<Int>) {
        encoder.withWorkspace { space in
            space.states = memory.states.rows(rows)
            work(rows, side: side, layers, in: &space)
        }
    }

    /// Takes some of the rows, which are the states of a workspace, through the last layers.
    ///
    /// - Returns: false where the other thread gave up or was late.
    @discardableResult
    func work(
        _ rows: Range<Int>, side: Meeting.Side, _ layers: Range<Int>,
        in space: inout TransformerEncoder.Workspace
    ) -> Bool {
        do {
            try encoder.pass(layers, in: &space) {
                index, layer, space throws(PartnerIsLate) in
                let began = ContinuousClock.now
                let shared = index.isMultiple(of: 2) ? memory.even : memory.odd
                layer.attention.apply(
                    to: space.states, into: shared, from: rows.lowerBound, scratch: &space.scratch)
                meeting.arrive(side)
                guard meeting.waitForOther(side, since: began) else {
                    throw PartnerIsLate()
                }
                space.attention.apply(
                    to: shared, length: text.count, queries: rows, into: &space.attended)
            }
        } catch {
            return false
        }
        memory.states.write(space.states, from: rows.lowerBound)
        meeting.arrive(side)
        return true
    }

    /// For the first thread, once its own rows are done.
    ///
    /// - Returns: nil where the second thread is late.
    func mean() -> FloatRows? {
        guard meeting.waitForOther(.first, since: .now) else { return nil }
        return memory.states.rows(0..<text.count).meanPooled(lengths: [text.count])
    }
}
