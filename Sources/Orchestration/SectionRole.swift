/// What the headings above an instruction say about it.
enum SectionRole: Sendable {
    case diagnosis, dryRun, apply, rollback, verification, prohibition
    /// Symptoms, impact, escalation: told, not done.
    case background
    /// Nothing is known.
    case unknown

    /// The role of the innermost heading that tells one.
    ///
    /// A prohibition holds for everything below it.
    init(headings: [String]) {
        for heading in headings {
            let words = Self.plain(heading)
            if Self.prohibitions.contains(where: words.contains) {
                self = .prohibition
                return
            }
        }
        for heading in headings.reversed() {
            let words = Self.plain(heading)
            if let role = Self.signs.first(where: { sign in
                sign.words.contains { words.contains($0) }
            }) {
                self = role.role
                return
            }
        }
        self = .unknown
    }

    /// The least lane of an instruction in such a section; nil where its words must tell.
    var floor: Lane? {
        switch self {
        case .diagnosis, .verification: .readOnly
        case .dryRun: .dryRun
        case .apply, .rollback: .execute
        case .prohibition, .background, .unknown: nil
        }
    }

    /// Whether an instruction says what must not be done.
    static func isProhibition(_ text: String) -> Bool {
        let words = plain(text)
        return prohibitions.contains { words.hasPrefix($0) }
    }

    private static func plain(_ text: String) -> String {
        text.lowercased().replacing("\u{2019}", with: "'")
    }

    private static let prohibitions = ["do not", "don't", "never", "won't", "what not", "avoid "]

    // In order: the first that matches counts.
    private static let signs: [(role: SectionRole, words: [String])] = [
        (.rollback, ["rollback", "roll back", "revert", "undo", "back out"]),
        (
            .dryRun,
            ["dry run", "dry-run", "rehears", "canary", "preview", "test first", "stage first"]
        ),
        (.verification, ["verif", "validat", "exit criteria", "success", "confirm", "afterwards"]),
        (
            .diagnosis,
            [
                "diagnos", "investigat", "triage", "troubleshoot", "debug", "check", "inspect",
                "discover", "assess", "baseline", "find out", "look",
            ]
        ),
        (
            .apply,
            [
                "apply", "mitigat", "remediat", "resol", "recover", "fix", "procedure", "steps",
                "migrat", "execute", "change", "failover", "restore", "cutover", "rollout",
            ]
        ),
        (
            .background,
            [
                "symptom", "impact", "meaning", "escalat", "background", "overview", "summary",
                "reference", "related", "contact", "front matter", "see also", "glossary",
            ]
        ),
    ]
}

/// What the words of an instruction without commands say about its lane.
enum ProseLane {
    private static let looking: Set<String> = [
        "check", "read", "list", "look", "confirm", "verify", "compare", "count", "note",
        "identify",
        "find", "inspect", "review", "determine", "ask", "see", "open", "measure", "estimate",
        "gather", "collect", "search", "examine", "watch", "query", "describe", "establish",
        "decide",
    ]
    private static let preparing: Set<String> = [
        "plan", "rehearse", "test", "simulate", "preview", "draft", "write", "produce", "prepare",
        "render", "diff",
    ]
    private static let changing: Set<String> = [
        "delete", "remove", "restart", "apply", "scale", "rotate", "terminate", "drop", "fail",
        "failover", "promote", "deploy", "rollback", "restore", "disable", "enable", "update",
        "patch", "kill", "drain", "cordon", "revert", "purge", "redrive", "create", "change",
        "increase", "decrease", "raise", "lower", "merge", "push", "replace", "stop", "start",
        "attach", "detach", "revoke", "grant", "evict", "reboot", "upgrade", "downgrade", "migrate",
        "move", "expire", "set", "put", "unlock", "force", "cancel", "resend", "replay", "destroy",
        "wipe", "truncate", "reset", "shut", "shutdown", "modify", "clear", "switch", "erase",
        "overwrite", "flush", "uninstall", "install", "invalidate", "edit", "add", "empty", "close",
        "abort", "halt", "suspend", "resume", "activate", "deactivate",
    ]

    /// The lane that the words alone call for; nil where they add nothing to what is known.
    ///
    /// Beside commands only an order to change something counts, because the commands tell the rest.
    /// Without commands any word of change counts, and unknown words mean the highest lane.
    static func lane(of text: String, role: SectionRole, hasCommands: Bool) -> Lane? {
        guard !hasCommands else {
            return orders(in: text).contains(where: changing.contains) ? .execute : nil
        }
        guard role.floor == nil || role.floor == .readOnly else { return nil }
        let words = text.lowercased().split { !$0.isLetter }.map(String.init)
        guard let first = words.first, !words.contains(where: changing.contains) else {
            return .execute
        }
        if looking.contains(first) { return .readOnly }
        return preparing.contains(first) ? .dryRun : .execute
    }

    /// The words that stand where an order begins: first, after a mark, and after "and" or "then".
    private static func orders(in text: String) -> [String] {
        var orders: [String] = []
        var isStart = true
        for word in text.lowercased().split(separator: " ") {
            let plain = String(word.filter(\.isLetter))
            if ["and", "then", "or"].contains(plain) {
                isStart = true
                continue
            }
            if isStart { orders.append(plain) }
            isStart = word.last.map { ",;:.".contains($0) } ?? false
        }
        return orders
    }
}
