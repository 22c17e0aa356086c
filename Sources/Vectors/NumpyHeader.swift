/// The dict at the head of a `.npy` file: only what NumPy itself writes, in any order and spacing.
///
/// A string is without escapes, a number without sign, underscores or leading zeros, and every key
/// stands there once.
struct NumpyHeader {
    /// The type of the numbers as it is written, and where in the file.
    let type: (text: String, offset: Int)
    /// One or two lengths, and where in the file they are written.
    let shape: (lengths: [Int], offset: Int)

    /// Parses a header that starts at `offset` of the file.
    ///
    /// - Throws: `.unexpected` where it is no such dict; `.unsupported` where the array has fields,
    ///   columns first, or neither one nor two lengths.
    init(_ bytes: [UInt8], at offset: Int) throws(VectorFileError) {
        var literal = PythonLiteral(bytes, at: offset)
        var type: (String, Int)?
        var isColumnsFirst: (Bool, Int)?
        var shape: ([Int], Int)?
        try literal.require("{")
        while !literal.take("}") {
            let start = literal.offset
            let key = try literal.string("a key")
            try literal.require(":")
            let valueStart = literal.offset
            switch key {
            case "descr" where type == nil:
                guard literal.next != "[" else {
                    throw .unsupported(
                        offset: valueStart, found: "an array with fields",
                        supported: "arrays of numbers")
                }
                type = (try literal.string("the type of the numbers"), valueStart)
            case "fortran_order" where isColumnsFirst == nil:
                isColumnsFirst = (try literal.truth("whether columns come first"), valueStart)
            case "shape" where shape == nil:
                shape = (try literal.tuple("the shape"), valueStart)
            default:
                throw .unexpected(
                    offset: start, expected: "descr, fortran_order and shape, each once",
                    found: "'\(key)'")
            }
            if !literal.take(",") {
                try literal.require("}")
                break
            }
        }
        try literal.requireEnd()
        guard let type, let isColumnsFirst, let shape else {
            throw .unexpected(
                offset: offset, expected: "a header with descr, fortran_order and shape",
                found: "one without")
        }
        guard !isColumnsFirst.0 else {
            throw .unsupported(
                offset: isColumnsFirst.1, found: "an array in Fortran order, columns first,",
                supported: "arrays in C order; numpy.ascontiguousarray makes one")
        }
        guard (1...2).contains(shape.0.count) else {
            throw .unsupported(
                offset: shape.1, found: "an array of \(shape.0.count) dimensions",
                supported: "arrays of one or two")
        }
        self.type = (text: type.0, offset: type.1)
        self.shape = (lengths: shape.0, offset: shape.1)
    }
}

/// Reads the few literals of Python that a `.npy` header is made of.
private struct PythonLiteral {
    private let bytes: [UInt8]
    private let base: Int
    private var index = 0

    init(_ bytes: [UInt8], at base: Int) {
        self.bytes = bytes
        self.base = base
    }

    /// Where in the file the next literal starts.
    var offset: Int { base + start }

    /// The character that comes next, after spaces; nil at the end or where it is not ASCII.
    var next: Character? { character(start) }

    private var start: Int {
        bytes[index...].firstIndex { !Self.isSpace($0) } ?? bytes.count
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n")
    }

    private func character(_ index: Int) -> Character? {
        guard index < bytes.count, bytes[index] < 0x80 else { return nil }
        return Character(Unicode.Scalar(bytes[index]))
    }

    mutating func take(_ character: Character) -> Bool {
        guard next == character else { return false }
        index = start + 1
        return true
    }

    mutating func require(_ character: Character) throws(VectorFileError) {
        guard take(character) else { throw unexpected("'\(character)'") }
    }

    func requireEnd() throws(VectorFileError) {
        guard start == bytes.count else { throw unexpected("the header's end") }
    }

    /// Printable ASCII between two quotation marks of one kind.
    mutating func string(_ name: String) throws(VectorFileError) -> String {
        guard let quote = next, quote == "'" || quote == "\"" else { throw unexpected(name) }
        var (end, text) = (start + 1, "")
        while let letter = character(end), letter != quote {
            guard letter != "\\", (" "..."~").contains(letter) else { throw unexpected(name) }
            text.append(letter)
            end += 1
        }
        guard character(end) == quote else { throw unexpected(name) }
        index = end + 1
        return text
    }

    mutating func truth(_ name: String) throws(VectorFileError) -> Bool {
        for (word, value) in [("True", true), ("False", false)]
        where bytes[start...].starts(with: word.utf8) {
            index = start + word.utf8.count
            return value
        }
        throw unexpected("\(name), True or False")
    }

    /// Numbers between parentheses; a comma follows a single one.
    mutating func tuple(_ name: String) throws(VectorFileError) -> [Int] {
        try require("(")
        var numbers: [Int] = []
        var hasComma = true
        while !take(")") {
            guard hasComma else { throw unexpected("a comma or the end of \(name)") }
            numbers.append(try number(name))
            hasComma = take(",")
        }
        guard numbers.count != 1 || hasComma else { throw unexpected("a comma in \(name)") }
        return numbers
    }

    private mutating func number(_ name: String) throws(VectorFileError) -> Int {
        let digits = bytes[start...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let text = String(decoding: digits, as: UTF8.self)
        guard let value = Int(text), digits.count == 1 || digits.first != UInt8(ascii: "0") else {
            throw unexpected("a length in \(name), 0 to \(Int.max)")
        }
        index = digits.endIndex
        return value
    }

    private func unexpected(_ expected: String) -> VectorFileError {
        let found = bytes[start...].prefix(16)
        return .unexpected(
            offset: offset, expected: expected,
            found: found.isEmpty
                ? "the header's end" : "'\(String(decoding: found, as: UTF8.self))'")
    }
}
