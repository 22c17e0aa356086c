/// A word of a command line, quotes removed.
struct ShellWord: Sendable, Equatable {
    /// Stands in a word where the shell would put what cannot be known, before the name of the
    /// variable where there is one.
    ///
    /// No command line holds it otherwise: the reader refuses NUL.
    static let unknown: Character = "\0"

    var text: String
    /// Whether the shell may make other words of it, in any number: by an unquoted variable or
    /// substitution, or by a pattern that stands first.
    var isOpen = false
}

/// A command line taken apart far enough to judge it: simple commands and redirections.
struct ShellLine: Sendable, Equatable {
    /// One program with its arguments.
    struct SimpleCommand: Sendable, Equatable {
        var words: [ShellWord] = []
        /// Files that output is written to.
        var outputs: [String] = []
    }

    /// The simple commands, whatever joins them, those inside of substitutions among them.
    let commands: [SimpleCommand]
    /// Whether something was met that this reader does not understand.
    let isOpaque: Bool
    /// Whether there is a `<name>`, which its reader replaces and a shell takes for redirections.
    let hasPlaceholders: Bool
    /// Whether a command is missing here because a shell refuses it: nothing that could be a file
    /// follows its `<name>`.
    let hasRefused: Bool

    /// Reads a command line.
    ///
    /// Opaque for whatever goes beyond quotes, lists, pipes, redirections, plain variables and
    /// command substitution: compound commands, functions, here-documents, arithmetic, other
    /// expansions.
    ///
    /// - Parameters:
    ///   - text: the line, or several.
    ///   - fillsPlaceholders: whether `<name>` is a part of a word, rather than redirections.
    /// - Complexity: O(bytes).
    /// - Source: POSIX.1-2017, Shell Command Language §2.2, §2.3, §2.6, §2.7.
    init(_ text: String, fillsPlaceholders: Bool = false) {
        var reader = ShellReader(Array(text.utf8)[...], fillsPlaceholders: fillsPlaceholders)
        reader.read()
        commands = reader.commands
        isOpaque = reader.isOpaque
        hasPlaceholders = reader.hasPlaceholders
        hasRefused = reader.hasRefused
    }
}

extension UInt8 {
    /// Whether it is an ASCII digit.
    var isDigit: Bool { (0x30...0x39).contains(self) }

    /// Whether it is an ASCII letter.
    var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
}
