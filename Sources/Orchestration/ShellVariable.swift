/// What is known of the variables of a shell.
enum ShellVariable {
    /// The name that a word such as `NAME=value` assigns to; nil where it assigns nothing.
    static func assignedName(_ word: String) -> Substring? {
        guard let equals = word.utf8.firstIndex(of: UInt8(ascii: "=")), equals > word.startIndex,
            word.utf8[..<equals].enumerated().allSatisfy({ isNameByte($1, isFirst: $0 == 0) })
        else { return nil }
        return word[..<equals]
    }

    /// Whether giving the variable a value can change only what programs are asked to look at.
    ///
    /// Programs take their pagers, editors, settings and libraries from variables, under names of
    /// capital letters; names of small letters belong to whoever writes the line.
    /// - Source: POSIX.1-2017, Base Definitions §8.1.
    static func isHarmless(_ name: some StringProtocol) -> Bool {
        if harmless.contains(String(name)) { return true }
        let hasCapitals = name.utf8.contains { (0x41...0x5A).contains($0) }
        return !hasCapitals && !name.hasSuffix("_proxy") && !zshPaths.contains(String(name))
    }

    /// Whether a byte may stand in a name.
    static func isNameByte(_ byte: UInt8, isFirst: Bool) -> Bool {
        byte.isLetter || byte == UInt8(ascii: "_") || (byte.isDigit && !isFirst)
    }

    private static let harmless: Set<String> = [
        "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_DEFAULT_OUTPUT", "TZ", "LANG",
        "LC_ALL", "NO_COLOR", "COLUMNS", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE",
        "PGCONNECT_TIMEOUT", "TF_IN_AUTOMATION", "TF_INPUT",
    ]

    /// Names that zsh ties to PATH and its like.
    private static let zshPaths: Set<String> = [
        "path", "fpath", "cdpath", "manpath", "module_path", "fignore", "mailpath", "psvar",
        "prompt", "watch", "zsh_eval_context", "commands", "aliases", "functions", "galiases",
        "saliases", "options",
    ]
}
