/// Quotes, redirections and what the shell replaces.
extension ShellReader {
    // MARK: Quotes

    mutating func readSingleQuotes() {
        begin(quoted: true)
        guard let end = bytes[(index + 1)...].firstIndex(of: UInt8(ascii: "'")) else {
            isOpaque = true
            return
        }
        for byte in bytes[(index + 1)..<end] { append(byte) }
        index = end + 1
    }

    /// Reads a backslash outside of quotes and the byte that it quotes.
    mutating func readEscape() {
        guard index + 1 < bytes.endIndex else {
            isOpaque = true
            return
        }
        begin(quoted: true)
        append(bytes[index + 1])
        index += 2
    }

    // MARK: Redirections

    mutating func readOutput(behindPlaceholder: Bool) {
        endDescriptor()
        frame.expectation = .output(behindPlaceholder: behindPlaceholder)
        index = following(index)
        guard index < bytes.endIndex else { return }
        switch bytes[index] {
        case UInt8(ascii: ">"), UInt8(ascii: "|"): index += 1
        case UInt8(ascii: "("): isOpaque = true
        case UInt8(ascii: "&"):
            frame.expectation = .duplicate
            index += 1
        default: break
        }
    }

    mutating func readInput() {
        if let end = placeholderEnd() {
            hasPlaceholders = true
            if fillsPlaceholders {
                for byte in bytes[index...end] { append(byte) }
                index = end + 1
            } else {
                endDescriptor()
                index = end
                readOutput(behindPlaceholder: true)
            }
            return
        }
        switch peek() {
        case UInt8(ascii: "<"): isOpaque = true
        case UInt8(ascii: "("):
            begin(quoted: false)
            index = following(index) + 1
            push(isProcess: true)
        case UInt8(ascii: ">"):
            // Opened for both, and made where it is not there.
            endDescriptor()
            index = following(index) + 1
            frame.expectation = .output(behindPlaceholder: false)
        case UInt8(ascii: "&"):
            endDescriptor()
            index = following(index) + 1
            frame.expectation = .duplicate
        default:
            endDescriptor()
            index += 1
            frame.expectation = .input
        }
    }

    /// Ends the word before a redirection; its number is no argument.
    private mutating func endDescriptor() {
        if let word = frame.word, !word.isQuoted, !word.isOpen,
            word.bytes.allSatisfy(\.isDigit)
        {
            frame.word = nil
        }
        endWord()
        switch frame.expectation {
        case .argument: break
        case .output(behindPlaceholder: true): frame.isRefused = true
        case .input, .duplicate, .output: isOpaque = true
        }
    }

    /// The place of the `>` where a `<name>` of small letters, digits and hyphens stands here.
    private func placeholderEnd() -> Int? {
        var end = index + 1
        while end < bytes.endIndex, Self.isNameByte(bytes[end]) { end += 1 }
        let hasName = end > index + 1 && end < bytes.endIndex
        return hasName && bytes[end] == UInt8(ascii: ">") ? end : nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || byte.isDigit || byte == UInt8(ascii: "-")
    }

    // MARK: Expansions

    /// Reads `$name`, `${name}`, `$(…)` or a plain dollar sign.
    mutating func readDollar() {
        let start = following(index)
        guard start < bytes.endIndex else { return appendDollar() }
        switch bytes[start] {
        case UInt8(ascii: "("):
            index = start + 1
            // `$((…))` is arithmetic, or a subshell in a substitution.
            if peekAt(start + 1) == UInt8(ascii: "(") { isOpaque = true }
            push(isProcess: false)
        case UInt8(ascii: "{"):
            let end = nameEnd(from: start + 1)
            guard end > start + 1, peekAt(end) == UInt8(ascii: "}") else {
                isOpaque = true
                return
            }
            appendUnknown(name: bytes[(start + 1)..<end])
            index = end + 1
        case UInt8(ascii: "["): isOpaque = true
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            if frame.isInDoubleQuotes { appendDollar() } else { isOpaque = true }
        case let byte where "?#@*!$-0123456789".utf8.contains(byte):
            appendUnknown(name: [])
            index = start + 1
        default:
            let end = nameEnd(from: start)
            guard end > start else { return appendDollar() }
            // What is continued here may belong to the name.
            if skippingContinuations(end) != end { isOpaque = true }
            appendUnknown(name: bytes[start..<end])
            index = end
        }
    }

    private mutating func appendDollar() {
        append(UInt8(ascii: "$"))
        index += 1
    }

    /// Reads `` `…` ``, whose end is the next backquote; none may be quoted inside.
    mutating func readBackquotes() {
        let rest = bytes[(index + 1)...]
        guard outer.count < Self.nestingLimit, let end = rest.firstIndex(of: UInt8(ascii: "`")),
            !rest[..<end].contains(UInt8(ascii: "\\"))
        else {
            isOpaque = true
            return
        }
        var inner = ShellReader(rest[..<end], fillsPlaceholders: fillsPlaceholders)
        inner.read()
        commands += inner.commands
        isOpaque = isOpaque || inner.isOpaque
        hasPlaceholders = hasPlaceholders || inner.hasPlaceholders
        hasRefused = hasRefused || inner.hasRefused
        appendUnknown(name: [])
        index = end + 1
    }

    private mutating func push(isProcess: Bool) {
        guard outer.count < Self.nestingLimit else {
            isOpaque = true
            return
        }
        outer.append(frame)
        frame = Frame(isProcess: isProcess)
    }

    mutating func endSubstitution() {
        endCommand()
        let isProcess = frame.isProcess
        guard let surrounding = outer.popLast() else {
            isOpaque = true
            return
        }
        frame = surrounding
        index += 1
        if isProcess {
            for byte in "/dev/fd/63".utf8 { append(byte) }
        } else {
            appendUnknown(name: [])
        }
    }

    private mutating func appendUnknown(name: ArraySlice<UInt8>) {
        begin(quoted: frame.isInDoubleQuotes)
        if !frame.isInDoubleQuotes { frame.word?.isOpen = true }
        frame.word?.bytes.append(contentsOf: String(ShellWord.unknown).utf8)
        frame.word?.bytes.append(contentsOf: name)
    }

    private func nameEnd(from start: Int) -> Int {
        var end = start
        while let byte = peekAt(end), ShellVariable.isNameByte(byte, isFirst: end == start) {
            end += 1
        }
        return end
    }

    private func peekAt(_ position: Int) -> UInt8? {
        position < bytes.endIndex ? bytes[position] : nil
    }
}
