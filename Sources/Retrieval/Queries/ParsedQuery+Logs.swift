internal import StrictJSON

extension ParsedQuery {
    private static let levels: Set<String> = [
        "trace", "debug", "info", "notice", "warn", "warning", "error", "err", "fatal", "critical",
        "panic", "severe",
    ]
    /// Members of a structured line that hold its message.
    private static let messageKeys = ["msg", "message", "error", "err", "reason", "exception"]
    private static let frameLimit = 3

    /// A line of a log, without its time, its level and what changes every time; nil for a line
    /// that begins with neither a time nor a level and is not structured.
    static func logLine(_ query: String) -> ParsedQuery? {
        if query.first == "{" { return structuredLine(query) }
        let lines = query.split(separator: "\n").map(String.init)
        let grave = lines.count > 1 ? lines.first(where: isGrave) : nil
        let line = grave ?? lines.first ?? query
        guard let message = message(of: line) else { return nil }
        let sense = message.split(whereSeparator: \.isWhitespace).filter { !isPassing($0) }
            .joined(separator: " ")
        return ParsedQuery(.logLine, sense: sense, names: names(in: sense), whole: query)
    }

    private static func structuredLine(_ query: String) -> ParsedQuery? {
        let members: [String: JSONValue]?
        do {
            members = try StrictJSON.parse(query.utf8).object
        } catch {
            return nil
        }
        let texts = messageKeys.compactMap { members?[$0]?.string }
        guard !texts.isEmpty else { return nil }
        let sense = texts.joined(separator: " ").split(whereSeparator: \.isWhitespace)
            .filter { !isPassing($0) }.joined(separator: " ")
        return ParsedQuery(.logLine, sense: sense, names: names(in: sense), whole: query)
    }

    private static func isGrave(_ line: String) -> Bool {
        line.firstMatch(of: /(?i:error|fatal|panic|critical|exception)/) != nil
    }

    /// What stands behind the time and the level; nil where there is neither.
    private static func message(of line: String) -> Substring? {
        var rest = line[...]
        var isLog = false
        // Most queries are no log lines, and expressions are slow: what a time needs is looked for first.
        if mayBeginWithTime(line.utf8.prefix(24)) {
            // klog: E0102 15:04:05.000000 1 file.go:12] message
            let klog = /[IWEF]\d{4} \d\d:\d\d:\d\d[.\d]*\s+\d+ [^\]\s]+\]\s/
            if let match = rest.prefixMatch(of: klog) { return rest[match.range.upperBound...] }
            // 2026-01-02T03:04:05.678Z, [02/Jan/2026:03:04:05 +0000], Jan  2 03:04:05 host
            let time =
                /\[?(?:\d{4}[-\/]\d\d[-\/]\d\d[T ]\d\d:\d\d:\d\d\S*|\d\d\/[A-Z][a-z]{2}\/\d{4}:\S+(?: [+-]\d{4}\])?|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+)\s*/
            if let match = rest.prefixMatch(of: time) {
                rest = rest[match.range.upperBound...]
                isLog = true
            }
        }
        if let message = fieldMessage(of: rest) { return message }
        while let word = rest.split(whereSeparator: \.isWhitespace).first {
            let bare = word.filter(\.isLetter).lowercased()
            let isMarked =
                word.last == ":" || word.last == "]" || word.first == "["
                || word == word.uppercased()
            guard levels.contains(bare), isMarked else { break }
            rest = rest[word.endIndex...].drop(while: \.isWhitespace)
            isLog = true
        }
        return isLog ? rest : nil
    }

    /// Whether a line's first bytes are such as every form below begins with.
    private static func mayBeginWithTime(_ start: Substring.UTF8View) -> Bool {
        guard start.contains(UInt8(ascii: ":")) else { return false }
        let bytes = Array(start.first == UInt8(ascii: "[") ? start.dropFirst() : start)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard bytes.count > 6 else { return false }
        // A day of a month's name: `Jan  2`.
        let isNamed = bytes[3] == UInt8(ascii: " ") && digits.contains(bytes[5])
        return digits.contains(bytes[0]) || digits.contains(bytes[1]) || isNamed
    }

    /// What `key=value` pairs say under a message's key; nil for a text that is not made of pairs.
    private static func fieldMessage(of text: Substring) -> Substring? {
        guard text.utf8.contains(UInt8(ascii: "=")) else { return nil }
        let fields = text.matches(of: /(?:^|\s)([A-Za-z_.]+)=("(?:[^"\\]|\\.)*"|\S+)/)
        let told = fields.filter { messageKeys.contains($0.output.1.lowercased()) }
        guard fields.count > 1, let first = told.first else { return nil }
        let texts = told.map { $0.output.2.filter { $0 != "\"" } }
        return first.output.2.isEmpty ? text : Substring(texts.joined(separator: " "))
    }

    /// Whether a word is of this one event: a number, an address, an id.
    private static func isPassing(_ word: Substring) -> Bool {
        let value = word.split(separator: "=", maxSplits: 1).last ?? word
        let text = value.trimmingPrefix { "\"'([{<".contains($0) }
        let core = text.prefix { !"\"')]}>,;".contains($0) }
        guard core.contains(where: \.isLetter) else { return !core.isEmpty }
        let hexadecimal = core.filter { $0 != "-" && $0 != ":" && $0 != "." }
        let hasDigits = core.contains(where: \.isNumber)
        return hasDigits && hexadecimal.count >= 8 && hexadecimal.allSatisfy(\.isHexDigit)
    }

    /// Names that have several words, most telling first.
    static func names(in text: String) -> [String] {
        unique(
            text.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "-" }.map(String.init)
                .filter { IdentifierWords.split($0).count > 1 && $0.contains(where: \.isLetter) })
    }

    /// A stack trace: what was thrown, what was said, and the first calls; nil for other text.
    static func stackTrace(_ query: String) -> ParsedQuery? {
        let lines = query.split(separator: "\n").map { $0.drop(while: \.isWhitespace) }
        guard lines.count > 1 else { return nil }
        let frames = lines.filter(isFrame)
        let isTrace =
            !frames.isEmpty || lines.contains { $0.hasPrefix("Traceback (most recent call last)") }
        guard isTrace else { return nil }
        let raised = raised(in: query)
        let told = raised.isEmpty ? lines.filter { !isFrame($0) && isThrown($0) } : raised
        let calls = frames.prefix(frameLimit).flatMap { names(in: String($0)) }
            .filter { !["java", "go", "py", "js"].contains($0) }
        let messages = told.isEmpty ? lines.filter { !isFrame($0) }.prefix(2).map { $0 } : told
        let sense = unique(messages.prefix(4).map(String.init)).joined(separator: ". ")
        return ParsedQuery(
            .stackTrace, sense: sense, names: unique(names(in: sense) + calls), whole: query)
    }

    /// What a trace of Python's says was raised, whatever it is called: the lines at the left edge.
    private static func raised(in query: String) -> [Substring] {
        guard query.contains("Traceback (most recent call last)") else { return [] }
        return query.split(separator: "\n").filter { line in
            line.first?.isWhitespace == false && line.contains(":") && !isFrame(line)
                && !["Traceback (", "During handling of", "The above exception"]
                    .contains(where: line.hasPrefix)
        }
    }

    private static func isFrame(_ line: Substring) -> Bool {
        // Expressions are slow: what a frame begins with is looked at first.
        line.hasPrefix("at ") && line.contains("(") || line.hasPrefix("File \"")
            || line.hasPrefix("goroutine ") || line.contains(".go:")
            || line.first?.isNumber == true
                && line.prefixMatch(of: /\d+: +(?:0x[0-9a-f]+ - )?[A-Za-z_<]/) != nil
            || line.first == "#" && line.prefixMatch(of: /#\d+\s+/) != nil
            || line.hasPrefix("from ") && line.prefixMatch(of: /from \S+:\d+:in\s/) != nil
    }

    private static func isThrown(_ line: Substring) -> Bool {
        line.hasPrefix("panic:") || line.hasPrefix("Caused by:") || line.hasPrefix("fatal error:")
            || line.firstMatch(of: /(?:Exception|Error|Fault|Panic|Failure)\b/) != nil
    }
}
