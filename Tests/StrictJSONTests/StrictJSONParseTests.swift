import StrictJSON
import Testing

/// What the parser takes, and what it refuses with which error.
struct StrictJSONParseTests {
    private func check(
        _ text: String, _ expected: JSONValue, at location: SourceLocation = #_sourceLocation
    ) {
        check(Array(text.utf8), .success(expected), at: location)
    }

    private func check(
        _ text: String, throws error: JSONError, at location: SourceLocation = #_sourceLocation
    ) {
        check(Array(text.utf8), .failure(error), at: location)
    }

    private func check(
        _ bytes: [UInt8], _ expected: Result<JSONValue, JSONError>,
        at location: SourceLocation = #_sourceLocation
    ) {
        let found = Result { () throws(JSONError) in try StrictJSON.parse(bytes) }
        #expect(found == expected, sourceLocation: location)
    }

    @Test func `values of every kind`() {
        check("null", .null)
        check(" true\n", .bool(true))
        check("\tfalse\r", .bool(false))
        check("\"\"", .string(""))
        check("[]", .array([]))
        check("{ }", .object([:]))
        check(
            "{\"a\":[1,2.5,\"x\",null,{\"b\":[]}]}",
            .object([
                "a": .array([
                    .integer(1), .number(2.5), .string("x"), .null, .object(["b": .array([])]),
                ])
            ]))
    }

    @Test func `whole numbers keep 64 bits`() {
        check("0", .integer(0))
        check("-0", .integer(0))
        check("9223372036854775807", .integer(.max))
        check("-9223372036854775808", .integer(.min))
        check("9223372036854775808", .number(0x1p63))
        check("-9223372036854775809", .number(-0x1p63))
    }

    @Test func `fractions and exponents are doubles`() {
        check("1.0", .number(1))
        check("-0.0", .number(-0.0))
        check("1e2", .number(100))
        check("1E+2", .number(100))
        check("25e-1", .number(2.5))
        check("1.7976931348623157e308", .number(.greatestFiniteMagnitude))
        check("5e-324", .number(.leastNonzeroMagnitude))
        check("1e-999", .number(0))
    }

    @Test func `numbers beyond f64 are refused`() {
        check("1e999", throws: .numberOutOfRange(offset: 0))
        check("[-1e999]", throws: .numberOutOfRange(offset: 1))
        check("1.8e308", throws: .numberOutOfRange(offset: 0))
        check(String(repeating: "9", count: 400), throws: .numberOutOfRange(offset: 0))
    }

    @Test func `numbers of another grammar are refused`() {
        check("01", throws: .syntax(offset: 1))
        check("-01", throws: .syntax(offset: 2))
        check("00", throws: .syntax(offset: 1))
        check("+1", throws: .syntax(offset: 0))
        check(".5", throws: .syntax(offset: 0))
        check("1.", throws: .truncated)
        check("1.e2", throws: .syntax(offset: 2))
        check("1e", throws: .truncated)
        check("1e+", throws: .truncated)
        check("-", throws: .truncated)
        check("- 1", throws: .syntax(offset: 1))
        check("0x10", throws: .syntax(offset: 1))
        check("1_000", throws: .syntax(offset: 1))
        check("NaN", throws: .syntax(offset: 0))
        check("Infinity", throws: .syntax(offset: 0))
        check("-Infinity", throws: .syntax(offset: 1))
        check("１", throws: .syntax(offset: 0))
    }

    @Test func `only one value without anything after it`() {
        check("", throws: .truncated)
        check("  ", throws: .truncated)
        check("{}x", throws: .syntax(offset: 2))
        check("1 2", throws: .syntax(offset: 2))
        check("[]]", throws: .syntax(offset: 2))
        check("null\0", throws: .syntax(offset: 4))
        check("{} // done", throws: .syntax(offset: 3))
        check("\u{A0}1", throws: .syntax(offset: 0))
    }

    @Test func `a byte order mark is refused`() {
        check("\u{FEFF}{}", throws: .syntax(offset: 0))
        check([0xFF, 0xFE, 0x7B, 0, 0x7D, 0], .failure(.syntax(offset: 0)))
    }

    @Test func `other dialects are refused`() {
        check("[1,]", throws: .syntax(offset: 3))
        check("[,1]", throws: .syntax(offset: 1))
        check("[1 2]", throws: .syntax(offset: 3))
        check("{\"a\":1,}", throws: .syntax(offset: 7))
        check("{\"a\" 1}", throws: .syntax(offset: 5))
        check("{\"a\":}", throws: .syntax(offset: 5))
        check("{a:1}", throws: .syntax(offset: 1))
        check("{'a':1}", throws: .syntax(offset: 1))
        check("{1:1}", throws: .syntax(offset: 1))
        check("[1}", throws: .syntax(offset: 2))
        check("True", throws: .syntax(offset: 0))
        check("nul", throws: .truncated)
        check("nulL", throws: .syntax(offset: 3))
        check("/**/1", throws: .syntax(offset: 0))
    }

    @Test func `a key stands once in an object`() {
        check("{\"a\":1,\"a\":1}", throws: .duplicateKey("a", offset: 7))
        check("{\"a\":1,\"b\":{\"c\":1,\"c\":2}}", throws: .duplicateKey("c", offset: 18))
        check("{\"a\":1,\"\\u0061\":2}", throws: .duplicateKey("a", offset: 7))
        check("{\"\":1,\"\":2}", throws: .duplicateKey("", offset: 6))
        check(
            "{\"a\":{\"a\":1},\"A\":1}",
            .object(["a": .object(["a": .integer(1)]), "A": .integer(1)]))
    }

    /// Swift's strings are equal where their canonical forms are; a dictionary would drop one.
    @Test func `keys that differ only in normalization count as one`() {
        check("{\"\u{E9}\":1,\"e\u{301}\":2}", throws: .duplicateKey("\u{E9}", offset: 8))
        check("{\"\\u00e9\":1,\"e\\u0301\":2}", throws: .duplicateKey("\u{E9}", offset: 12))
    }

    @Test func `nesting is allowed to the limit`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try StrictJSON.parse(nested(64).utf8) }
        check(nested(65), throws: .tooDeep(offset: 64))
        check(nested(100_000), throws: .tooDeep(offset: 64))
        let object = String(repeating: "{\"a\":[", count: 32)
        let end = String(repeating: "]}", count: 32)
        #expect(throws: Never.self) { try StrictJSON.parse((object + "1" + end).utf8) }
        check(object + "{}" + end, throws: .tooDeep(offset: 192))
        #expect(throws: JSONError.tooDeep(offset: 1)) {
            try StrictJSON.parse("[[]]".utf8, limits: JSONLimits(depth: 1))
        }
    }

    @Test func `size is allowed to the limit`() throws {
        let limits = JSONLimits(byteCount: 4)
        #expect(try StrictJSON.parse("true".utf8, limits: limits) == .bool(true))
        #expect(throws: JSONError.tooLarge(byteCount: 5, limit: 4)) {
            try StrictJSON.parse("false".utf8, limits: limits)
        }
    }
}
