/// Follows the lines of a command and tells whether it goes on.
///
/// - Source: POSIX.1-2024, Shell Command Language, 2.2 (quoting), 2.3 (comments), 2.6 (expansions),
///   2.7.4 (here-documents); the Bash manual for `<<<`, `$'…'` and `((…))`.
struct ShellScanner {
    /// What stands around a character; a parenthesis within one of the last two is one more.
    private enum Context {
        case singleQuotes, dollarQuotes, doubleQuotes, substitution, arithmetic
    }

    private struct HereDocument {
        let end: String
        let dropsTabs: Bool
    }

    /// What is open, innermost last.
    private var contexts: [Context] = []
    /// The here-documents that were announced and have not ended.
    private var documents: ArraySlice<HereDocument> = []
    private var isInDocument = false
    private var isContinued = false

    /// Whether the command needs another line.
    var isOpen: Bool { isContinued || isInDocument || !contexts.isEmpty || !documents.isEmpty }

    /// Whether the next line counts with every space.
    var keepsSpaces: Bool { isInDocument || isQuoted }

    private var isQuoted: Bool {
        switch contexts.last {
        case .singleQuotes, .dollarQuotes, .doubleQuotes: true
        case .substitution, .arithmetic, nil: false
        }
    }

    /// Reads one line, without its line end.
    ///
    /// - Complexity: O(line).
    mutating func read(_ line: some StringProtocol) {
        if isInDocument, let document = documents.first {
            let text = document.dropsTabs ? line.drop { $0 == "\t" } : line[...]
            if text.utf8.elementsEqual(document.end.utf8) { documents.removeFirst() }
        } else {
            readCommand(Array(line.unicodeScalars))
        }
        // A here-document begins after the line, not after a quoted or escaped line end.
        isInDocument = !documents.isEmpty && !isContinued && (isInDocument || !isQuoted)
    }

    private mutating func readCommand(_ line: [Unicode.Scalar]) {
        isContinued = false
        var index = 0
        var beginsWord = true
        while index < line.count {
            let isWordStart = beginsWord
            beginsWord = " \t;&|()".unicodeScalars.contains(line[index])
            switch (contexts.last, line[index]) {
            case (.singleQuotes, "'"), (.dollarQuotes, "'"), (.doubleQuotes, "\""),
                (.substitution, ")"), (.arithmetic, ")"):
                contexts.removeLast()
            case (.singleQuotes, _): break
            case (_, "\\"):
                index += 1
                isContinued = index == line.count
            case (.dollarQuotes, _): break
            case (_, "$") where line[(index + 1)...].starts(with: "((".unicodeScalars):
                contexts += [.arithmetic, .arithmetic]
                index += 2
            case (_, "$") where line[(index + 1)...].first == "(":
                contexts.append(.substitution)
                index += 1
            case (_, "\""): contexts.append(.doubleQuotes)
            case (.doubleQuotes, _): break
            case (_, "'"): contexts.append(.singleQuotes)
            case (_, "$") where line[(index + 1)...].first == "'":
                contexts.append(.dollarQuotes)
                index += 1
            case (.arithmetic, "("): contexts.append(.arithmetic)
            case (.arithmetic, _): break
            case (_, "(") where line[(index + 1)...].first == "(":
                contexts += [.arithmetic, .arithmetic]
                index += 1
            case (.substitution, "("): contexts.append(.substitution)
            case (_, "#") where isWordStart: return
            case (_, "<") where line[(index + 1)...].first == "<":
                index = readHereDocument(line, after: index + 2) - 1
            default: break
            }
            index += 1
        }
    }

    /// Reads the word that ends a here-document and returns where the line goes on.
    private mutating func readHereDocument(_ line: [Unicode.Scalar], after start: Int) -> Int {
        var rest = line[start...]
        // `<<<` takes its text from the same line.
        if rest.first == "<" { return start + 1 }
        let dropsTabs = rest.first == "-"
        rest = rest.dropFirst(dropsTabs ? 1 : 0).drop { $0 == " " || $0 == "\t" }
        var end = ""
        var quote: Unicode.Scalar?
        while let scalar = rest.first {
            if scalar == quote {
                quote = nil
            } else if quote == nil, scalar == "'" || scalar == "\"" {
                quote = scalar
            } else if quote == nil, " \t;&|<>()".unicodeScalars.contains(scalar) {
                break
            } else if scalar != "\\" || quote == "'" {
                end.unicodeScalars.append(scalar)
            }
            rest.removeFirst()
        }
        if !end.isEmpty { documents.append(HereDocument(end: end, dropsTabs: dropsTabs)) }
        return rest.startIndex
    }
}
