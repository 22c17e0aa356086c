extension ToolRules {
    /// The words of a command line that are not flags, where every flag before the last of them
    /// is known; nil where an unknown flag could hide which word is the verb.
    ///
    /// - Parameters:
    ///   - arguments: the words behind the program.
    ///   - valueFlags: flags whose next word is their value.
    ///   - bareFlags: flags without a value.
    ///   - count: how many words are wanted.
    /// - Returns: at most `count` words, or nil.
    private static func plainWords(
        _ arguments: [String], valueFlags: Set<String>, bareFlags: Set<String> = [], count: Int
    ) -> [String]? {
        var words: [String] = []
        var index = 0
        while index < arguments.count, words.count < count {
            let word = arguments[index]
            if valueFlags.contains(word) {
                index += 1
            } else if word.hasPrefix("-") {
                guard word.contains("=") || bareFlags.contains(word) else { return nil }
            } else {
                words.append(word)
            }
            index += 1
        }
        return words
    }

    static func aws(_ arguments: [String]) -> Lane {
        let flags: Set<String> = [
            "--profile", "--region", "--output", "--query", "--endpoint-url", "--color",
        ]
        let bare: Set<String> = ["--no-cli-pager", "--no-paginate", "--debug", "--no-sign-request"]
        guard let words = plainWords(arguments, valueFlags: flags, bareFlags: bare, count: 2),
            words.count == 2
        else { return .execute }
        let (service, operation) = (words[0], words[1])
        if ["--dry-run", "--dryrun"].contains(where: arguments.contains) { return .dryRun }
        if arguments.contains(where: { $0.hasPrefix("--generate-cli-skeleton") }) { return .dryRun }
        switch (service, operation) {
        case ("s3", "ls"), ("logs", "tail"), ("logs", "start-query"), ("dynamodb", "query"),
            ("dynamodb", "scan"), ("logs", "filter-log-events"), ("configure", "list"):
            return .readOnly
        case ("s3api", "get-object"): return .dryRun
        case ("secretsmanager", "get-secret-value"), ("sts", "get-session-token"),
            ("sts", "get-federation-token"), ("ssm", "get-parameter"), ("ssm", "get-parameters"),
            ("iam", "generate-credential-report"), ("ecr", "get-login-password"):
            // They hand out secrets or new powers.
            return .execute
        default:
            let reading = [
                "describe-", "list-", "get-", "head-", "batch-get-", "lookup-", "search-",
                "estimate-", "preview-", "simulate-", "validate-", "wait",
            ]
            return reading.contains { operation.hasPrefix($0) } ? .readOnly : .execute
        }
    }

    static func kubernetes(_ arguments: [String]) -> Lane {
        let flags: Set<String> = [
            "-n", "--namespace", "--context", "--cluster", "-l", "--selector", "-o", "--output",
            "--request-timeout",
        ]
        let bare: Set<String> = ["-A", "--all-namespaces"]
        guard let words = plainWords(arguments, valueFlags: flags, bareFlags: bare, count: 1),
            let verb = words.first
        else { return .execute }
        let second = arguments.drop { $0 != verb }.dropFirst().first { !$0.hasPrefix("-") } ?? ""
        switch verb {
        case "get", "describe", "logs", "top", "explain", "version", "cluster-info", "events",
            "api-resources", "api-versions", "wait":
            return .readOnly
        case "rollout": return ["status", "history"].contains(second) ? .readOnly : .execute
        case "auth": return ["can-i", "whoami"].contains(second) ? .readOnly : .execute
        case "config":
            let reading = ["view", "get-contexts", "current-context", "get-clusters"]
            return reading.contains(second) ? .readOnly : .execute
        case "diff": return .dryRun
        case "apply", "create", "delete", "scale", "patch", "replace", "label", "annotate", "set",
            "drain", "cordon", "expose", "run":
            let rehearses = arguments.contains {
                $0 == "--dry-run=client" || $0 == "--dry-run=server"
            }
            return rehearses ? .dryRun : .execute
        default: return .execute
        }
    }

    static func terraform(_ arguments: [String]) -> Lane {
        guard let words = plainWords(arguments, valueFlags: [], count: 1), let verb = words.first
        else { return .execute }
        let rest = arguments.drop { $0 != verb }.dropFirst()
        let second = rest.first { !$0.hasPrefix("-") } ?? ""
        switch verb {
        case "show", "output", "validate", "providers", "version", "graph": return .readOnly
        case "state": return ["list", "show"].contains(second) ? .readOnly : .execute
        case "workspace": return ["list", "show"].contains(second) ? .readOnly : .execute
        case "fmt": return rest.contains("-check") ? .readOnly : .execute
        case "plan", "init": return .dryRun
        default: return .execute
        }
    }

    static func helm(_ arguments: [String]) -> Lane {
        guard let words = plainWords(arguments, valueFlags: ["-n", "--namespace"], count: 1),
            let verb = words.first
        else { return .execute }
        switch verb {
        case "list", "ls", "status", "get", "history", "show", "search", "lint", "version":
            return .readOnly
        case "template", "diff": return .dryRun
        case "upgrade", "install", "rollback", "uninstall":
            return arguments.contains { $0.hasPrefix("--dry-run") && !$0.hasSuffix("=none") }
                ? .dryRun : .execute
        default: return .execute
        }
    }

    static func git(_ arguments: [String]) -> Lane {
        let reading: Set<String> = [
            "status", "log", "diff", "show", "blame", "ls-files", "rev-parse", "describe",
            "shortlog", "ls-tree", "cat-file",
        ]
        guard let verb = arguments.first, reading.contains(verb) else {
            return arguments.first == "fetch" ? .dryRun : .execute
        }
        let acts = arguments.contains { $0.hasPrefix("--output") || $0.hasPrefix("--ext-diff") }
        return acts ? .execute : .readOnly
    }

    /// Read-only for one statement that reads, by its words; functions can change things, so those
    /// that are known to are refused by name.
    static func psql(_ arguments: [String]) -> Lane {
        guard let flag = arguments.firstIndex(where: { $0 == "-c" || $0 == "--command" }),
            flag + 1 < arguments.count,
            !arguments.contains(where: { $0.hasPrefix("-f") || $0.hasPrefix("--file") }),
            arguments.count(where: { $0 == "-c" || $0.hasPrefix("--command") }) == 1
        else { return .execute }
        let sql = arguments[flag + 1].lowercased()
        let words = sql.split { !$0.isLetter && $0 != "_" }.map(String.init)
        let changing: Set<String> = [
            "insert", "update", "delete", "drop", "alter", "create", "truncate", "grant", "revoke",
            "copy", "call", "do", "vacuum", "reindex", "into", "analyze", "merge", "lock", "set",
            "nextval", "setval", "set_config", "pg_terminate_backend", "pg_cancel_backend",
            "pg_promote", "pg_switch_wal", "pg_reload_conf", "pg_rotate_logfile", "dblink",
            "pg_stat_reset", "pg_stat_statements_reset", "pg_replication_slot_advance",
            "pg_drop_replication_slot", "pg_create_restore_point", "lo_import", "lo_export",
        ]
        let statements = sql.split(separator: ";").filter { !$0.allSatisfy(\.isWhitespace) }
        guard statements.count == 1, !words.contains(where: changing.contains) else {
            return .execute
        }
        if sql.drop(while: \.isWhitespace).hasPrefix("\\d") { return .readOnly }
        return ["select", "show", "explain"].contains(words.first) ? .readOnly : .execute
    }
}
