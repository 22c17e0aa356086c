/// What the headings above an instruction say about it.
enum SectionRole: Sendable {
    case diagnosis, dryRun, apply, rollback, verification, prohibition
    /// Symptoms, impact, escalation: told, not done.
    case background
    /// Nothing is known.
    case unknown

    /// The role of the innermost heading that tells one.
    init(headings: [String]) {
        for heading in headings.reversed() {
            let words = heading.lowercased()
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

    // In order: the first that matches counts.
    private static let signs: [(role: SectionRole, words: [String])] = [
        (.prohibition, ["do not", "don't", "never", "won't", "what not"]),
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
        "move", "expire", "set", "put", "unlock", "force", "cancel", "resend", "replay",
    ]

    /// Unknown words mean the highest lane.
    static func lane(of text: String) -> Lane {
        let words = text.lowercased().split { !$0.isLetter }.map(String.init)
        guard let first = words.first, !words.contains(where: changing.contains) else {
            return .execute
        }
        if looking.contains(first) { return .readOnly }
        return preparing.contains(first) ? .dryRun : .execute
    }
}
