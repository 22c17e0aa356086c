/// A command line taken apart far enough to judge it: simple commands, redirections, substitutions.
struct ShellLine: Sendable, Equatable {
    /// One program with its arguments, quotes removed.
    struct SimpleCommand: Sendable, Equatable {
        var words: [String] = []
        /// Files that output is written to.
        var outputs: [String] = []
    }

    /// The simple commands, whatever joins them.
    private(set) var commands: [SimpleCommand] = []
    /// The command lines inside `$(…)`, `` `…` `` and `<(…)`.
    private(set) var substitutions: [String] = []
    /// Whether something was met that this reader does not understand.
    private(set) var isOpaque = false

    /// Reads a command line.
    ///
    /// - Source: POSIX.1-2017, Shell Command Language §2.2, §2.3, §2.6, §2.7; only what is needed to
    ///   tell which programs run, and opaque for the rest.
    init(_ text: String) {
        var reader = ShellReader(text)
        reader.read()
        commands = reader.commands
        substitutions = reader.substitutions
        isOpaque = reader.isOpaque
    }
}

/// Reads characters into words.
private struct ShellReader {
    private let characters: [Character]
    private var index = 0
    private var word: String?
    private var current = ShellLine.SimpleCommand()
    private var expectsOutput = false
    private var expectsInput = false

    var commands: [ShellLine.SimpleCommand] = []
    var substitutions: [String] = []
    var isOpaque = false

    init(_ text: String) {
        characters = Array(text.replacing("\\\n", with: " "))
    }

    mutating func read() {
        while index < characters.count { step() }
        endCommand()
    }

    private mutating func step() {
        let character = characters[index]
        switch character {
        case " ", "\t":
            endWord()
            index += 1
        case "\n", ";", "&", "|": readOperator(character)
        case ">", "<": readRedirection(character)
        case "'": readSingleQuotes()
        case "\"": readDoubleQuotes()
        case "\\":
            if index + 1 < characters.count { append(characters[index + 1]) }
            index += 2
        case "`": readBackquotes()
        case "$" where peek(1) == "(": readSubstitution(from: index + 2)
        case "(", ")", "{", "}":
            // A brace inside a word is expansion or a placeholder; alone it groups commands.
            if word == nil && (character == "(" || peek(1) == " ") { isOpaque = true }
            append(character)
            index += 1
        case "#" where word == nil:
            while index < characters.count, characters[index] != "\n" { index += 1 }
        default:
            append(character)
            index += 1
        }
    }

    private mutating func readOperator(_ character: Character) {
        // `2>&1` and `&>` are redirections, not separators.
        if character == "&", peek(1) == ">" {
            index += 1
            return
        }
        endCommand()
        index += 1
    }

    private mutating func readRedirection(_ character: Character) {
        if let digits = word, digits.allSatisfy(\.isNumber) { word = nil }
        endWord()
        index += 1
        if character == "<" {
            if peek(0) == "<" { isOpaque = true }
            if peek(0) == "(" { readSubstitution(from: index + 1) } else { expectsInput = true }
            return
        }
        if peek(0) == "(" { isOpaque = true }
        if peek(0) == ">" || peek(0) == "|" { index += 1 }
        if peek(0) == "&" {
            // A duplicated descriptor is no file; `>&name` is one.
            index += 1
            if let next = peek(0), next.isNumber || next == "-" {
                index += 1
                return
            }
        }
        expectsOutput = true
    }

    private mutating func readSingleQuotes() {
        index += 1
        if word == nil { word = "" }
        while index < characters.count, characters[index] != "'" {
            append(characters[index])
            index += 1
        }
        if index == characters.count { isOpaque = true }
        index += 1
    }

    private mutating func readDoubleQuotes() {
        index += 1
        if word == nil { word = "" }
        while index < characters.count, characters[index] != "\"" {
            if characters[index] == "\\", index + 1 < characters.count {
                append(characters[index + 1])
                index += 2
            } else if characters[index] == "$", peek(1) == "(" {
                readSubstitution(from: index + 2)
            } else if characters[index] == "`" {
                readBackquotes()
            } else {
                append(characters[index])
                index += 1
            }
        }
        if index >= characters.count { isOpaque = true }
        index += 1
    }

    private mutating func readBackquotes() {
        let rest = characters[(index + 1)...]
        guard let end = rest.firstIndex(of: "`") else {
            isOpaque = true
            index = characters.count
            return
        }
        substitutions.append(String(characters[(index + 1)..<end]))
        append("_")
        index = end + 1
    }

    /// Reads up to the parenthesis that closes; quotes inside are respected.
    private mutating func readSubstitution(from start: Int) {
        var depth = 1
        var quote: Character?
        var end = start
        while end < characters.count {
            let character = characters[end]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == "(" {
                depth += 1
            } else if character == ")" {
                depth -= 1
                if depth == 0 { break }
            }
            end += 1
        }
        if end >= characters.count { isOpaque = true }
        substitutions.append(
            String(characters[min(start, characters.count)..<min(end, characters.count)]))
        append("_")
        index = end + 1
    }

    private mutating func append(_ character: Character) {
        word = (word ?? "") + String(character)
    }

    private mutating func endWord() {
        guard let word else { return }
        self.word = nil
        if expectsOutput {
            current.outputs.append(word)
            expectsOutput = false
        } else if expectsInput {
            expectsInput = false
        } else {
            current.words.append(word)
        }
    }

    private mutating func endCommand() {
        endWord()
        if expectsOutput || expectsInput { isOpaque = true }
        (expectsOutput, expectsInput) = (false, false)
        if !current.words.isEmpty || !current.outputs.isEmpty { commands.append(current) }
        current = ShellLine.SimpleCommand()
    }

    private func peek(_ distance: Int) -> Character? {
        index + distance < characters.count ? characters[index + distance] : nil
    }
}
