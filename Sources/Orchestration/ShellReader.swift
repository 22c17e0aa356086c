/// Reads bytes into words and commands as a shell does; stops at what it does not understand.
struct ShellReader {
    /// Substitutions nested deeper than this are not followed.
    static let nestingLimit = 8

    /// What the next word is for.
    enum Expectation {
        case argument, input, duplicate
        case output(behindPlaceholder: Bool)
    }

    /// A word that has begun.
    struct PendingWord {
        var bytes: [UInt8] = []
        var isOpen = false
        var isQuoted = false
        var hasBrace = false
    }

    /// A list of commands: the line itself, or the inside of a substitution.
    struct Frame {
        var word: PendingWord?
        var command = ShellLine.SimpleCommand()
        /// How many words stood before `&>`, where a POSIX shell ends the command.
        var wordsBeforeAmpersand: Int?
        var expectation = Expectation.argument
        var isInDoubleQuotes = false
        /// Whether a shell refuses the command, because a file should follow `<name>` and does not.
        var isRefused = false
        /// Whether it is `<(…)`, whose place a file name takes.
        var isProcess = false
    }

    let bytes: ArraySlice<UInt8>
    let fillsPlaceholders: Bool
    var index: Int
    var frame = Frame()
    /// The frames around `frame`.
    var outer: [Frame] = []

    var commands: [ShellLine.SimpleCommand] = []
    var isOpaque = false
    var hasPlaceholders = false
    var hasRefused = false

    init(_ bytes: ArraySlice<UInt8>, fillsPlaceholders: Bool) {
        self.bytes = bytes
        self.fillsPlaceholders = fillsPlaceholders
        index = bytes.startIndex
    }

    mutating func read() {
        index = skippingContinuations(index)
        while index < bytes.endIndex, !isOpaque {
            if frame.isInDoubleQuotes { stepQuoted() } else { stepPlain() }
            index = skippingContinuations(index)
        }
        if frame.isInDoubleQuotes || !outer.isEmpty { isOpaque = true }
        endCommand()
    }

    // MARK: Steps

    private mutating func stepPlain() {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"):
            endWord()
            index += 1
        case UInt8(ascii: "&") where peek() == UInt8(ascii: ">"):
            // For bash `&>` redirects; for a POSIX shell it ends the command and redirects.
            endWord()
            frame.wordsBeforeAmpersand = frame.wordsBeforeAmpersand ?? frame.command.words.count
            index = following(index)
        case UInt8(ascii: "\n"), UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"):
            endCommand()
            index += 1
        case UInt8(ascii: ">"): readOutput(behindPlaceholder: false)
        case UInt8(ascii: "<"): readInput()
        case UInt8(ascii: "'"): readSingleQuotes()
        case UInt8(ascii: "\""):
            begin(quoted: true)
            frame.isInDoubleQuotes = true
            index += 1
        case UInt8(ascii: "\\"): readEscape()
        case UInt8(ascii: "`"): readBackquotes()
        case UInt8(ascii: "$"): readDollar()
        case UInt8(ascii: ")"): endSubstitution()
        case UInt8(ascii: "("): isOpaque = true
        case UInt8(ascii: "#") where frame.word == nil: skipComment()
        default: readPlain(byte)
        }
    }

    private mutating func stepQuoted() {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "\""):
            frame.isInDoubleQuotes = false
            index += 1
        case UInt8(ascii: "\\"):
            // Before other signs the backslash stays.
            let next = index + 1
            if next < bytes.endIndex, "$`\"\\".utf8.contains(bytes[next]) { index = next }
            append(bytes[index])
            index += 1
        case UInt8(ascii: "`"): readBackquotes()
        case UInt8(ascii: "$"): readDollar()
        default:
            append(byte)
            index += 1
        }
    }

    private mutating func readPlain(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "{"):
            let next = peek() ?? UInt8(ascii: " ")
            // Alone it groups commands; in a word it may expand.
            if frame.word == nil, " \t\n".utf8.contains(next) { isOpaque = true }
            begin(quoted: false)
            frame.word?.hasBrace = true
        case UInt8(ascii: ","), UInt8(ascii: "."):
            let expands = byte == UInt8(ascii: ",") || peek() == UInt8(ascii: ".")
            if frame.word?.hasBrace == true, expands { isOpaque = true }
        case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["):
            if frame.word == nil {
                begin(quoted: false)
                frame.word?.isOpen = true
            }
        default: break
        }
        append(byte)
        index += 1
    }

    private mutating func skipComment() {
        while index < bytes.endIndex, bytes[index] != UInt8(ascii: "\n") { index += 1 }
        // A comment is never continued: the newline is read by itself.
        if index < bytes.endIndex {
            endCommand()
            index += 1
        }
    }

    // MARK: Words and commands

    mutating func begin(quoted: Bool) {
        if frame.word == nil { frame.word = PendingWord() }
        if quoted { frame.word?.isQuoted = true }
    }

    mutating func append(_ byte: UInt8) {
        // Terminals act on control characters, and shells drop NUL.
        if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D { isOpaque = true }
        begin(quoted: false)
        frame.word?.bytes.append(byte)
    }

    mutating func endWord() {
        guard let word = frame.word else { return }
        frame.word = nil
        let text = String(decoding: word.bytes, as: UTF8.self)
        switch frame.expectation {
        case .argument: frame.command.words.append(ShellWord(text: text, isOpen: word.isOpen))
        case .input: break
        case .duplicate:
            let isDescriptor = text == "-" || text.utf8.allSatisfy(\.isDigit)
            if !isDescriptor || word.isQuoted { frame.command.outputs.append(text) }
        case .output(let behindPlaceholder):
            // Behind a `<name>`, a flag was never meant for a file, nor is there one of its name.
            if !behindPlaceholder || !Self.isFlag(text) { frame.command.outputs.append(text) }
        }
        frame.expectation = .argument
    }

    private static func isFlag(_ text: String) -> Bool {
        let name = text.utf8.drop { $0 == UInt8(ascii: "-") }
        return name.first?.isLetter == true && (1...2).contains(text.utf8.count - name.count)
    }

    mutating func endCommand() {
        endWord()
        switch frame.expectation {
        case .argument: break
        case .output(behindPlaceholder: true): frame.isRefused = true
        case .input, .duplicate, .output: isOpaque = true
        }
        let command = frame.isRefused ? ShellLine.SimpleCommand() : frame.command
        hasRefused = hasRefused || frame.isRefused
        if !command.words.isEmpty || !command.outputs.isEmpty { commands.append(command) }
        if let count = frame.wordsBeforeAmpersand, count < command.words.count {
            for words in [command.words[..<count], command.words[count...]] where !words.isEmpty {
                commands.append(ShellLine.SimpleCommand(words: Array(words)))
            }
        }
        frame.command = ShellLine.SimpleCommand()
        frame.wordsBeforeAmpersand = nil
        frame.isRefused = false
        frame.expectation = .argument
    }

    // MARK: Looking ahead

    /// The byte behind the one at `index`, as the shell sees it.
    func peek() -> UInt8? {
        let next = following(index)
        return next < bytes.endIndex ? bytes[next] : nil
    }

    func following(_ position: Int) -> Int {
        skippingContinuations(position + 1)
    }

    /// Passes over backslashes that stand before a newline.
    func skippingContinuations(_ position: Int) -> Int {
        var position = position
        while position + 1 < bytes.endIndex, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "\n")
        {
            position += 2
        }
        return position
    }
}
