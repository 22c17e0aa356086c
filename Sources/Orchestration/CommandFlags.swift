/// The flags of a program that are known; whatever else stands on its command line is not.
struct FlagGrammar: Sendable {
    /// How a program spells its flags.
    enum Style: Sendable {
        /// `-a`, `-ab`, `-n5`, `-n 5`, `--name`, `--name=value`, `--name value`.
        case clustered
        /// `-name`, `-name=value`, `-name value`: one dash, whole words.
        case words
    }

    private enum Kind {
        case bare, valued, attached
    }

    private var kinds: [String: Kind] = [:]
    private let style: Style

    /// A grammar of flags, each list separated by blanks.
    ///
    /// - Parameters:
    ///   - style: how they are spelt.
    ///   - bare: those without a value; `-0` stands for any number, as in `-5`.
    ///   - valued: those with a value in the same word or in the next.
    ///   - attached: those that may have a value, but only in the same word.
    init(
        _ style: Style = .clustered, bare: String = "", valued: String = "", attached: String = ""
    ) {
        self.style = style
        add(bare, .bare)
        add(valued, .valued)
        add(attached, .attached)
    }

    /// This grammar with more flags, which win over those it has.
    func adding(bare: String = "", valued: String = "", attached: String = "") -> FlagGrammar {
        var grammar = self
        grammar.add(bare, .bare)
        grammar.add(valued, .valued)
        grammar.add(attached, .attached)
        return grammar
    }

    private mutating func add(_ names: String, _ kind: Kind) {
        for name in names.split(separator: " ") { kinds[String(name)] = kind }
    }

    /// Takes arguments apart.
    ///
    /// - Parameters:
    ///   - arguments: the words behind the program or its verb.
    ///   - limit: how many operands to read; what stands behind them is the rest.
    ///   - acceptsUnknown: whether an operand may begin with what is not known.
    /// - Returns: the flags and operands; nil where a flag is not known, lacks its value or has one
    ///   too many, or where a word could be a flag.
    func read(
        _ arguments: ArraySlice<String>, limit: Int = .max, acceptsUnknown: Bool = false
    ) -> CommandArguments? {
        var result = CommandArguments(rest: arguments)
        while result.operands.count < limit, let word = result.rest.popFirst() {
            if word == "--", style == .clustered {
                result.operands += result.rest
                result.rest = []
            } else if word.utf8.first == UInt8(ascii: "-"), word != "-" {
                guard readFlag(word, into: &result) else { return nil }
            } else {
                let isUnknown = word.utf8.first == 0
                guard acceptsUnknown || !isUnknown else { return nil }
                result.operands.append(word)
            }
        }
        return result
    }

    private func readFlag(_ word: String, into result: inout CommandArguments) -> Bool {
        let isLong = style == .words || word.hasPrefix("--")
        return isLong ? readLong(word, into: &result) : readCluster(word, into: &result)
    }

    private func readLong(_ word: String, into result: inout CommandArguments) -> Bool {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        let value = parts.count == 2 ? String(parts[1]) : nil
        switch (kinds[name], value) {
        case (.bare, nil), (.attached, nil): result.flags.append(.init(name: name, value: ""))
        case (.valued, let value?), (.attached, let value?):
            result.flags.append(.init(name: name, value: value))
        case (.valued, nil):
            guard let next = result.rest.popFirst() else { return false }
            result.flags.append(.init(name: name, value: next))
        case (.bare, _?), (nil, _): return false
        }
        return true
    }

    private func readCluster(_ word: String, into result: inout CommandArguments) -> Bool {
        var letters = word.dropFirst()
        if kinds["-0"] != nil, letters.utf8.allSatisfy(\.isDigit) { return true }
        while let letter = letters.popFirst() {
            let name = "-" + String(letter)
            switch kinds[name] {
            case .bare:
                result.flags.append(.init(name: name, value: ""))
                continue
            case .attached: result.flags.append(.init(name: name, value: String(letters)))
            case .valued where !letters.isEmpty:
                result.flags.append(.init(name: name, value: String(letters)))
            case .valued:
                guard let next = result.rest.popFirst() else { return false }
                result.flags.append(.init(name: name, value: next))
            case nil: return false
            }
            return true
        }
        return true
    }
}

/// The arguments of a program, taken apart.
struct CommandArguments: Sendable {
    /// A flag with its value, empty where it has none.
    struct Flag: Sendable {
        let name: String
        let value: String
    }

    /// In order.
    var flags: [Flag] = []
    /// The words that are no flags, in order.
    var operands: [String] = []
    /// What was not read.
    var rest: ArraySlice<String>

    /// Whether one of the flags is there.
    func has(_ names: String...) -> Bool {
        flags.contains { names.contains($0.name) }
    }

    /// The values of a flag under each of its names, in order.
    func values(_ names: String...) -> [String] {
        flags.filter { names.contains($0.name) }.map(\.value)
    }
}
