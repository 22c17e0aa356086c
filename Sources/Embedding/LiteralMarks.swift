internal import StrictJSON

/// Tokens that stand for themselves wherever a text has them literally.
struct LiteralMarks: Sendable {
    /// The longest first.
    private var marks: [(utf8: [UInt8], id: Int32)] = []
    private var isFirstByte = [Bool](repeating: false, count: 256)

    /// Marks with their ids; an empty one is none.
    init(_ marks: [(utf8: [UInt8], id: Int32)]) {
        self.marks = marks.filter { !$0.utf8.isEmpty }.sorted { $0.utf8.count > $1.utf8.count }
        for mark in self.marks { isFirstByte[Int(mark.utf8[0])] = true }
    }

    /// Takes `added_tokens`; nil where one is not a plain mark with its id in the vocabulary.
    init?(_ added: JSONValue?, of tokens: TokenTable) {
        var marks: [(utf8: [UInt8], id: Int32)] = []
        for token in added?.array ?? [] {
            guard let utf8 = token["content"]?.string.map({ Array($0.utf8) }), !utf8.isEmpty,
                let id = tokens.id(of: utf8[...]), token["id"]?.wholeNumber == Int(id),
                ["single_word", "lstrip", "rstrip", "normalized"].allSatisfy({
                    token[$0] == .bool(false)
                })
            else { return nil }
            marks.append((utf8, id))
        }
        self.init(marks)
    }

    /// The leftmost mark at or after `start`, of those there the longest.
    ///
    /// - Complexity: O(bytes before the mark).
    func next(in utf8: [UInt8], from start: Int) -> (range: Range<Int>, id: Int32)? {
        for index in start..<utf8.count where isFirstByte[Int(utf8[index])] {
            for mark in marks where utf8[index...].starts(with: mark.utf8) {
                return (index..<index + mark.utf8.count, mark.id)
            }
        }
        return nil
    }
}
