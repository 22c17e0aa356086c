import Foundation
import StrictJSON
import TestSupport
import Testing

/// One description of JSON: what it refuses, what it tells, what it finds out of types.
@Suite struct JSONSchemaTests {
    static let schema = JSONSchema.object(
        .init("name", JSONSchema(.string(count: 1...5, .filled)), isRequired: true),
        .init("limit", JSONSchema(.integer(1...9))),
        .init("tags", JSONSchema(.array(of: JSONSchema(.choice(["a", "b"])), atMost: 2))))

    static func errors(_ text: String) throws -> [String] {
        schema.errors(in: try StrictJSON.parse(text.utf8))
    }

    @Test(arguments: [
        #"{"name":"x"}"#, #"{"name":"é日本","limit":9,"tags":["a","b"]}"#,
        #"{"name":"x","limit":3.0}"#, #"{"name":" x "}"#,
    ])
    func `what fits has no errors`(text: String) throws {
        #expect(try Self.errors(text).isEmpty)
    }

    @Test(arguments: [
        ("[]", "the value must be an object"), ("{}", "name is missing"),
        (#"{"name":1}"#, "name must be a text"),
        (#"{"name":""}"#, "name must have 1 to 5 characters"),
        (#"{"name":"   "}"#, "name must not be empty"),
        (#"{"name":"a\u0000"}"#, "name must not be empty"),
        (#"{"name":"x","limit":0}"#, "limit must lie in 1 to 9"),
        (#"{"name":"x","limit":1.5}"#, "limit must be a whole number"),
        (#"{"name":"x","limit":1e30}"#, "limit must be a whole number"),
        (#"{"name":"x","limit":null}"#, "limit must be a whole number"),
        (#"{"name":"x","tags":["a","b","a"]}"#, "tags has more than 2 elements"),
        (#"{"name":"x","tags":["c"]}"#, "tags[0] must be one of a, b"),
        (#"{"name":"x","limt":3}"#, "limt is unknown; did you mean limit?"),
        (#"{"name":"x","zzz":3}"#, "zzz is unknown"),
    ])
    func `what does not fit is named`(text: String, error: String) throws {
        #expect(try Self.errors(text) == [error])
    }

    @Test func `the errors have a limit`() throws {
        let members = (0..<1000).map { "\"k\($0)\":1" }.joined(separator: ",")
        #expect(try Self.errors("{\"name\":\"x\",\(members)}").count == 20)
    }

    @Test func `a pattern says what the check does`() throws {
        var generator = SeededGenerator(seed: 7)
        let pool: [Unicode.Scalar] = [
            "\u{0}", " ", "\n", "\u{A0}", "a", "~", "\u{85}", "\u{1680}", "\u{2028}", "\u{3000}",
            "日", "é", "\u{FEFF}", "\u{1F680}", "\u{9F}", "\u{7F}", "\u{AC00}",
        ]
        for rule in [JSONSchema.TextRule.withoutNUL, .filled, .printable, .matching("^[a-z]+$")] {
            let schema = JSONSchema(.string(count: nil, rule))
            let pattern = try #require(schema.json["pattern"]?.string)
            let expression = try NSRegularExpression(pattern: pattern)
            for _ in 0..<400 {
                var text = String.UnicodeScalarView()
                for _ in 0..<Int.random(in: 0...4, using: &generator) {
                    text.append(pool[Int.random(in: 0..<pool.count, using: &generator)])
                }
                let all = NSRange(location: 0, length: String(text).utf16.count)
                let isMatch = expression.firstMatch(in: String(text), range: all)?.range == all
                let fits = schema.errors(in: .string(String(text))).isEmpty
                #expect(isMatch == fits, "\(rule): \(text.map(\.value))")
            }
        }
    }

    @Test func `it is told as JSON Schema`() {
        let json = String(decoding: Self.schema.json.canonicalBytes, as: UTF8.self)
        #expect(json.contains(#""additionalProperties":false"#))
        #expect(json.contains(#""required":["name"]"#))
        #expect(json.contains(#""maximum":9"#) && json.contains(#""maxItems":2"#))
        #expect(json.contains(#""enum":["a","b"]"#))
    }

    private enum Colour: String, Codable, CaseIterable {
        case red, green
    }

    private struct Inner: Codable {
        let ok: Bool
    }

    private struct Reply: Codable {
        let name: String
        let count: Int?
        let note: String?
        let ratio: Double
        let colour: Colour
        let inner: [Inner]
        let scores: [String: Int]
        let anything: JSONValue

        enum CodingKeys: String, CodingKey {
            case name, count, note, ratio, colour, inner, scores
            case anything = "any_thing"
        }
    }

    @Test func `a type tells its own form`() throws {
        let schema = try JSONSchema.describing(Reply.self)
        let members = Dictionary(uniqueKeysWithValues: schema.members.map { ($0.name, $0) })
        #expect(
            Set(members.keys) == [
                "name", "count", "note", "ratio", "colour", "inner", "scores", "any_thing",
            ])
        #expect(schema.members.filter { !$0.isRequired }.map(\.name) == ["count", "note"])
        #expect(members["count"]?.schema.isNullable == true)
        #expect(members["colour"]?.schema.json["enum"]?.array?.count == 2)
        let fits =
            #"{"name":"x","ratio":1,"colour":"red","inner":[{"ok":true}],"scores":{"a":1},"any_thing":[1]}"#
        #expect(schema.errors(in: try StrictJSON.parse(fits.utf8)).isEmpty)
        for wrong in [
            fits.replacing("red", with: "blue"), fits.replacing("true", with: "1"),
            fits.replacing("\"a\":1", with: "\"a\":\"1\""),
            fits.replacing("\"ratio\":1,", with: ""),
        ] {
            #expect(!schema.errors(in: try StrictJSON.parse(wrong.utf8)).isEmpty, "\(wrong)")
        }
    }
}
