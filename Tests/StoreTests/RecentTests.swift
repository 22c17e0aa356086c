import Store
import Testing

struct RecentTests {
    @Test func `what was used last stays, what was not used goes`() {
        var recent = Recent<Int, String>(limit: 20)
        for key in 0..<100 {
            recent.keep("\(key)", of: key, cost: 1)
            #expect(recent.value(of: 0) == "0", "used each time, after \(key)")
            #expect(recent.value(of: key) == "\(key)")
        }
        #expect(recent.value(of: 50) == nil)
        #expect(recent.value(of: 98) == "98")
    }

    @Test func `costs stay within the limit`() {
        var recent = Recent<Int, [UInt8]>(limit: 1000)
        for key in 0..<500 {
            let cost = 1 + key * 7 % 90
            recent.keep([UInt8](repeating: 0, count: cost), of: key, cost: cost)
            let kept = (0...key).reduce(0) { sum, key in
                var copy = recent
                return sum + (copy.value(of: key)?.count ?? 0)
            }
            #expect(kept <= 1000)
        }
        #expect(recent.count > 5)
    }

    @Test func `a value that costs too much is not kept, and takes no other's place`() {
        var recent = Recent<Int, String>(limit: 10)
        recent.keep("small", of: 1, cost: 1)
        recent.keep("huge", of: 2, cost: 6)
        #expect(recent.value(of: 1) == "small" && recent.value(of: 2) == nil)
        recent.keep("huge", of: 1, cost: 6)
        #expect(recent.value(of: 1) == nil, "the old value does not outlive a new one")
    }

    @Test func `a key that is kept again counts once`() {
        var recent = Recent<Int, Int>(limit: 10)
        recent.keep(0, of: 1, cost: 1)
        for value in 0..<100 { recent.keep(value, of: 2, cost: 4) }
        #expect(recent.value(of: 1) == 0 && recent.value(of: 2) == 99 && recent.count == 2)
    }
}
