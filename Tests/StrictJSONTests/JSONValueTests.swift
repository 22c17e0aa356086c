import StrictJSON
import TestSupport
import Testing

struct JSONValueTests {
    private func check(
        _ value: JSONValue, _ expected: String, at location: SourceLocation = #_sourceLocation
    ) {
        let text = String(decoding: value.canonicalBytes, as: UTF8.self)
        #expect(Array(text.utf8) == Array(expected.utf8), sourceLocation: location)
    }

    @Test func `the canonical form of every kind`() {
        check(.null, "null")
        check(.bool(true), "true")
        check(.integer(.min), "-9223372036854775808")
        check(.number(2.5), "2.5")
        check(.array([.integer(1), .array([])]), "[1,[]]")
        check(.object([:]), "{}")
        check(.string("a/\"\\\u{7F}é\u{1F600}"), "\"a/\\\"\\\\\u{7F}é\u{1F600}\"")
        check(.string("\0\u{8}\t\n\u{C}\r\u{1F}"), #""\u0000\u0008\t\n\u000c\r\u001f""#)
    }

    @Test func `keys are ordered by their bytes`() {
        let keys = [
            "", "a", "aa", "b", "A", "é", "\u{FFFD}", "\u{1F600}", "10", "9", "a\u{0}", "z",
        ]
        let value = JSONValue.object(Dictionary(uniqueKeysWithValues: keys.map { ($0, .null) }))
        check(
            value,
            #"{"":null,"10":null,"9":null,"A":null,"a":null,"a\u0000":null,"aa":null,"b":null,"#
                + "\"z\":null,\"é\":null,\"\u{FFFD}\":null,\"\u{1F600}\":null}")
    }

    @Test func `the order in which keys came does not matter`() throws {
        var generator = SeededGenerator(seed: 13)
        let members = (0..<40).map { "\"k\($0)\":\($0)" }
        let expected = try StrictJSON.parse("{\(members.joined(separator: ","))}".utf8)
            .canonicalBytes
        for _ in 0..<20 {
            let text = members.shuffled(using: &generator).joined(separator: " , ")
            #expect(try StrictJSON.parse("{ \(text) }".utf8).canonicalBytes == expected)
        }
    }

    @Test func `random values come back from their canonical form`() throws {
        var generator = SeededGenerator(seed: 14)
        for _ in 0..<2000 {
            let value = randomValue(depth: 0, using: &generator)
            let bytes = value.canonicalBytes
            let back = try StrictJSON.parse(bytes)
            #expect(back == value)
            #expect(back.canonicalBytes == bytes)
        }
    }

    private func randomValue(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 3 ? 5 : 7), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &generator))
        case 3:
            let value = Double(bitPattern: generator.next())
            return .number(value.isFinite ? value : 0.1)
        case 4: return .string(randomText(using: &generator))
        case 5:
            return .array(
                (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                    randomValue(depth: depth + 1, using: &generator)
                })
        default:
            var members: [String: JSONValue] = [:]
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                let key = randomText(using: &generator)
                members[key] = randomValue(depth: depth + 1, using: &generator)
            }
            return .object(members)
        }
    }

    private func randomText(using generator: inout SeededGenerator) -> String {
        let alphabet = ["a", "\"", "\\", "\0", "\n", "é", "e\u{301}", "\u{1F600}", "/", "\u{2028}"]
        return (0..<Int.random(in: 0...6, using: &generator)).map { _ in
            alphabet.randomElement(using: &generator) ?? ""
        }.joined()
    }

    /// The form is hashed and signed: it must not tell apart what `==` calls the same.
    @Test(arguments: [
        (JSONValue.number(0), JSONValue.number(-0.0)),
        (.string("\u{E9}"), .string("e\u{301}")),
        (.object(["\u{E9}": .null]), .object(["e\u{301}": .null])),
        (.array([.number(1)]), .array([.number(1.0)])),
    ])
    func `equal values have equal bytes`(first: JSONValue, second: JSONValue) {
        guard first == second else { return }
        #expect(first.canonicalBytes == second.canonicalBytes)
    }

    @Test func `members are reached by their kind only`() throws {
        let value = try StrictJSON.parse(#"{"a":[1,"x"],"b":"y"}"#.utf8)
        #expect(value["a"]?.array == [.integer(1), .string("x")])
        #expect(value["b"]?.string == "y")
        #expect(value["c"] == nil)
        #expect(value.object?.count == 2)
        #expect(value.array == nil && value.string == nil)
        #expect(JSONValue.array([])["a"] == nil)
        #expect(JSONValue.string("a").object == nil)
    }
}
