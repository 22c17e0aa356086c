import Foundation
import StrictJSON
import Testing

/// Decoding into and encoding from Swift's types.
struct StrictJSONCodingTests {
    private struct Step: Codable, Equatable {
        var name: String
        var count: Int
        var path: String?
        var inner: [Inner]?

        struct Inner: Codable, Equatable { var ratio: Double }
    }

    private func refuse(
        _ text: String, _ error: JSONError, at location: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: error, sourceLocation: location) {
            try StrictJSON.decode(Step.self, from: text.utf8)
        }
    }

    @Test func `decodes what fits`() throws {
        let step = try StrictJSON.decode(
            Step.self, from: #"{"name":"a","count":3,"inner":[{"ratio":0.5}],"extra":1}"#.utf8)
        #expect(step == Step(name: "a", count: 3, path: nil, inner: [Step.Inner(ratio: 0.5)]))
    }

    @Test func `bytes are checked strictly before they are decoded`() {
        refuse(#"{"name":"a","count":1,"count":2}"#, .duplicateKey("count", offset: 22))
        refuse("\u{FEFF}{\"name\":\"a\",\"count\":1}", .syntax(offset: 0))
        refuse(#"{"name":"\ud800","count":1}"#, .badText(offset: 11))
        refuse(#"{"name":"a","count":1"#, .truncated)
    }

    @Test func `a mismatch says where`() {
        refuse(#"{"name":"a"}"#, .mismatch(path: "count", reason: "missing"))
        for text in [
            #"{"name":"a","count":"1"}"#, #"{"name":"a","count":null}"#,
            #"{"name":"a","count":1.5}"#, #"{"name":"a","count":9223372036854775808}"#,
        ] {
            #expect("\(text)") { try StrictJSON.decode(Step.self, from: text.utf8) } throws: {
                guard case .mismatch(let path, _) = $0 as? JSONError else { return false }
                return path == "count"
            }
        }
        #expect {
            try StrictJSON.decode(
                Step.self, from: #"{"name":"a","count":1,"inner":[{"ratio":1},{}]}"#.utf8)
        } throws: {
            guard case .mismatch(let path, let reason) = $0 as? JSONError else { return false }
            return path.hasPrefix("inner.") && path.hasSuffix(".ratio") && reason == "missing"
        }
    }

    @Test func `encodes sorted and without escaped slashes`() throws {
        let step = Step(name: "x/\"é", count: 1, path: "/etc", inner: nil)
        let bytes = try StrictJSON.encode(step)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"count":1,"name":"x/\"é","path":"/etc"}"#)
        #expect(
            try StrictJSON.decode(Step.self, from: StrictJSON.encode(step, pretty: true)) == step)
    }

    @Test func `numbers that JSON lacks are not encoded`() {
        for value in [Double.nan, .infinity, -.infinity] {
            #expect(throws: (any Error).self) { try StrictJSON.encode([value]) }
        }
    }
}
