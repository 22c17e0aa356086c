/// What is known of each program: its lane by its arguments.
enum ToolRules {
    typealias Rule = @Sendable ([String]) -> Lane

    /// The rule of every known program.
    ///
    /// A program that is not here is unknown.
    static let rules: [String: Rule] = {
        var rules: [String: Rule] = [:]
        for tool in readers { rules[tool] = { _ in .readOnly } }
        rules.merge(clouds) { first, _ in first }
        rules.merge(locals) { first, _ in first }
        return rules
    }()

    /// Programs that only look, whatever their arguments.
    private static let readers = [
        "ls", "cat", "head", "tail", "grep", "egrep", "fgrep", "zgrep", "wc", "uniq", "cut", "tr",
        "jq", "column", "date", "echo", "printf", "dig", "nslookup", "host", "ping", "df", "du",
        "free", "uptime", "ps", "id", "whoami", "uname", "stat", "file", "sha256sum", "md5sum",
        "base64", "diff", "true", "sleep", "cd", "pwd", "nproc", "ss", "netstat", "lsof", "vmstat",
        "iostat", "dmesg", "basename", "dirname", "seq", "test", "which", "comm", "paste", "nl",
    ]

    private static let clouds: [String: Rule] = [
        "aws": aws, "kubectl": kubernetes, "oc": kubernetes, "terraform": terraform,
        "tofu": terraform, "helm": helm, "psql": psql, "git": git,
        "stripe": {
            verbs($0, reading: ["list", "retrieve", "tail", "status", "version"], at: 0..<3)
        },
        "supabase": { verbs($0, reading: ["list", "status"], at: 0..<3) },
        "vercel": { verbs($0, reading: ["ls", "list", "inspect", "logs", "whoami"], at: 0..<1) },
        "gh": { verbs($0, reading: ["view", "list", "diff", "checks", "status"], at: 1..<2) },
        "eksctl": { verbs($0, reading: ["get"], at: 0..<1) },
        "docker": {
            verbs($0, reading: ["ps", "logs", "inspect", "images", "stats", "version"], at: 0..<1)
        },
        "systemctl": {
            verbs($0, reading: ["status", "show", "is-active", "list-units", "cat"], at: 0..<1)
        },
    ]

    private static let locals: [String: Rule] = [
        "curl": curl, "find": find, "sort": sort, "sed": sed, "awk": awk, "openssl": openssl,
        "journalctl": { arguments in
            let changes = [
                "--vacuum", "--rotate", "--flush", "--relinquish", "--setup", "--update",
            ]
            let isChange = arguments.contains { word in changes.contains { word.hasPrefix($0) } }
            return isChange ? .execute : .readOnly
        },
        "export": { arguments in
            let isPlain = arguments.allSatisfy { $0.contains("=") && !$0.hasPrefix("PATH=") }
            return isPlain && !arguments.contains { $0.hasPrefix("LD_") } ? .readOnly : .execute
        },
    ]

    /// Read-only where one of the words at some places, flags apart, is a reading verb.
    private static func verbs(
        _ arguments: [String], reading: Set<String>, at places: Range<Int>
    ) -> Lane {
        let words = arguments.filter { !$0.hasPrefix("-") }
        let candidates = words.indices.filter(places.contains).map { words[$0] }
        return candidates.contains(where: reading.contains) ? .readOnly : .execute
    }

    private static func curl(_ arguments: [String]) -> Lane {
        var lane = Lane.readOnly
        for (index, word) in arguments.enumerated() {
            let isShort = word.hasPrefix("-") && !word.hasPrefix("--")
            if word == "-X" || word == "--request" {
                let method = arguments.dropFirst(index + 1).first ?? ""
                if !["GET", "HEAD"].contains(method) { return .execute }
            } else if word.hasPrefix("--data") || word.hasPrefix("--form")
                || word.hasPrefix("--json")
                || word.hasPrefix("--upload") || word.hasPrefix("--config")
                || word.hasPrefix("--request=")
                || (isShort && word.dropFirst().contains { "dFTKX".contains($0) })
            {
                return .execute
            } else if word.hasPrefix("--output") || word.hasPrefix("--remote")
                || (isShort && word.dropFirst().contains { "oO".contains($0) })
            {
                let target = arguments.dropFirst(index + 1).first
                if target != "/dev/null" { lane = .dryRun }
            }
        }
        return lane
    }

    private static func find(_ arguments: [String]) -> Lane {
        let acting = ["-exec", "-execdir", "-ok", "-okdir", "-delete", "-fprint", "-fls"]
        return arguments.contains { word in acting.contains { word.hasPrefix($0) } }
            ? .execute : .readOnly
    }

    private static func sort(_ arguments: [String]) -> Lane {
        let writes = arguments.contains {
            $0.hasPrefix("-o") || $0.hasPrefix("--output") || $0.hasPrefix("--compress")
        }
        return writes ? .execute : .readOnly
    }

    /// Only printing lines by number and plain substitutions; sed can also write and run.
    private static func sed(_ arguments: [String]) -> Lane {
        let scripts = arguments.filter { $0 != "-n" && $0 != "-E" && $0 != "-r" }
        guard let script = scripts.first, !script.hasPrefix("-"),
            !scripts.dropFirst().contains(where: { $0.hasPrefix("-") }),
            script.wholeMatch(of: /[0-9,$]*p|s([\/|#]).*\1[gIp0-9]*/) != nil
        else { return .execute }
        return .readOnly
    }

    /// Only programs without calls, pipes and redirections.
    private static func awk(_ arguments: [String]) -> Lane {
        let program = arguments.filter { !$0.hasPrefix("-F") }.first ?? "-"
        let acts =
            program.hasPrefix("-") || program.contains("system") || program.contains("|")
            || program.contains("getline") || program.contains("print >")
            || program.contains(">\"") || program.contains("> \"")
        return acts || arguments.contains { $0.hasPrefix("-f") || $0.hasPrefix("-i") }
            ? .execute : .readOnly
    }

    private static func openssl(_ arguments: [String]) -> Lane {
        let reading: Set<String> = ["s_client", "x509", "verify", "version", "crl", "ocsp"]
        guard let verb = arguments.first, reading.contains(verb) else { return .execute }
        return arguments.contains("-out") || arguments.contains("-signkey") ? .execute : .readOnly
    }
}
