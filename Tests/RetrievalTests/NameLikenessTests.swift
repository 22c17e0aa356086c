import Retrieval
import TestSupport
import Testing

struct NameLikenessTests {
    private func likeness(_ name: String, _ text: String) -> Double? {
        NameLikeness(name)?.best(in: text)
    }

    @Test func `marks and case are no difference, slips a small one`() {
        #expect(likeness("orders-dlq", "the queue `orders_dlq` fills") == 1)
        #expect(likeness("KubePodCrashLooping", "kubepodcrashlooping") == 1)
        for slipped in ["KubePodCrashLoping", "KubePodCrahsLooping", "KubePodCraxhLooping"] {
            let like = likeness(slipped, "- alert: KubePodCrashLooping")
            #expect(like ?? 0 > 0.9 && like ?? 1 < 1, "\(slipped)")
        }
        #expect(likeness("Watchodg", "Watchdog") == 1 - 1.0 / 8)
    }

    @Test func `other names are not near, and short ones hardly`() {
        #expect(likeness("KubePodCrashLooping", "KubePodNotReady, crash looping") == 0)
        #expect(likeness("kafka", "kafak") == 1 - 1.0 / 5)
        #expect(likeness("kafka", "kfaak") == 0)
        #expect(likeness("kafka", "") == 0)
        #expect(likeness("orders-1", "orders-2") == 0 && likeness("oders-1", "orders-1") ?? 0 > 0)
        #expect(NameLikeness("abcd") == nil && NameLikeness("_-.") == nil)
    }

    @Test func `one slip leaves a long name near, whatever it is`() {
        var generator = SeededGenerator(seed: 6)
        for name in ["agent-mesh-prod-stripe-events", "ECSTaskStartFailing", "inhibit_rules"] {
            for _ in 0..<200 {
                let slipped = Misspelling.slip(in: name, using: &generator)
                #expect(likeness(slipped, "see \(name), then go on") ?? 0 > 0.8, "\(slipped)")
            }
        }
    }

    @Test func `whatever the text, there is an answer`() {
        var generator = SeededGenerator(seed: 7)
        let characters = Array("aZ9_-./: éÉ\u{301}😀\n\0")
        for _ in 0..<2000 {
            func text(_ limit: Int) -> String {
                let count = Int.random(in: 0...limit, using: &generator)
                return String(
                    (0..<count).compactMap { _ in characters.randomElement(using: &generator) })
            }
            let like = likeness(text(12), text(40)) ?? 0
            #expect(like >= 0 && like <= 1)
        }
    }
}
