import Foundation
import StrictJSON
import Testing

/// `JSONValue(encoding:)` reads what `StrictJSON.encode` writes.
@Suite struct JSONValueEncodingTests {
    private enum Color: String, Codable, CodingKeyRepresentable { case red, green }

    private struct Inner: Encodable {
        var name = "ä \"quoted\" \u{1}\u{2028} 🙂"
        var number: Double?
        var flags = [true, false]
    }

    private class Base: Encodable {
        let base = 1
    }

    private final class Derived: Base {
        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encodeNil(forKey: .none)
            try super.encode(to: container.superEncoder())
            try super.encode(to: container.superEncoder(forKey: .other))
            var list = container.nestedUnkeyedContainer(forKey: .list)
            try list.encode(list.count)
            try list.encodeNil()
            var inner = list.nestedContainer(keyedBy: Key.self)
            try inner.encode(Inner(), forKey: .other)
            var deep = list.nestedUnkeyedContainer()
            try deep.encode("x")
            try Base().encode(to: list.superEncoder())
            try list.encode(list.count)
            var object = container.nestedContainer(keyedBy: Key.self, forKey: .object)
            try object.encode([Int8(-3)], forKey: .list)
        }

        private enum Key: String, CodingKey { case none, other, list, object }
    }

    private struct Everything: Encodable {
        let small = (Int8.min, 0).0
        let large = UInt64.max
        let least = Int64.min
        let single: Float = 0.1
        let wide: Float = 16_777_216
        let doubles: [Double] = [
            0, -0.0, 1, -1, 0.1, 1e15, 1e16, 9e15, 123_456_789_012_345_680, .leastNonzeroMagnitude,
            1e-7, -2.5,
        ]
        let color = Color.green
        let byColor: [Color: Double] = [.red: 1, .green: 0.5]
        let byNumber = [3: "three"]
        let byName: [String: Inner?] = ["a": Inner(number: 2), "b": nil]
        let nothing: String? = nil
        let empty: [String: Int] = [:]
        let none: [Int] = []
        let inner = [Inner(), Inner(number: 1.5)]
        let value = JSONValue.object(["n": .number(3), "i": .array([.null, .integer(7)])])
        let derived = Derived()
    }

    @Test func `what is encoded is what is written and read`() throws {
        func check(_ value: some Encodable) throws {
            let read = try StrictJSON.parse(try StrictJSON.encode(value))
            #expect(try JSONValue(encoding: value) == read)
        }
        try check(Everything())
        try check(["only", "texts"])
        try check(Inner())
        try check([[1.0, 2.5], []])
        try check([String: Int]())
    }

    @Test func `numbers that JSON does not have are refused`() {
        for number in [Double.nan, .infinity, -.infinity] {
            #expect(throws: EncodingError.self) {
                try JSONValue(encoding: ["list": [Inner(number: number)]])
            }
        }
    }
}
