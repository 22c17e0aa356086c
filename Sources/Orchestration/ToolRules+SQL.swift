extension ToolRules {
    /// Read-only for statements that read, one to a flag.
    static func psql(_ arguments: ArraySlice<String>) -> Lane {
        guard let read = psqlFlags.read(arguments, acceptsUnknown: true),
            read.operands.allSatisfy(isConnection)
        else { return .execute }
        let statements = read.values("-c", "--command")
        let onlyRead = statements.allSatisfy { statement in
            isListing(statement) || SQLReading.onlyReads(statement)
        }
        let isAsked = !statements.isEmpty || read.has("-l", "--list")
        return onlyRead && isAsked ? .readOnly : .execute
    }

    // Without what runs a file, writes one, or sets variables.
    private static let psqlFlags = FlagGrammar(
        bare: "-X -A -t -q -x -w -W -E -z -0 --no-psqlrc --no-align --tuples-only --quiet "
            + "--expanded --no-password --csv -l --list",
        valued: "-c --command -h --host -p --port -U --username -d --dbname -F --field-separator")

    /// A database's name, or a whole variable of capital letters, which the reader has set.
    ///
    /// The line itself cannot set such a variable: giving it a value is for the execute lane.
    private static func isConnection(_ operand: String) -> Bool {
        guard operand.utf8.first == 0 else { return !operand.contains("keylog") }
        let name = operand.utf8.dropFirst()
        return !name.isEmpty
            && name.allSatisfy {
                (0x41...0x5A).contains($0) || $0.isDigit || $0 == UInt8(ascii: "_")
            }
    }

    /// Whether a statement is one of psql's own commands that list what there is: `\d`, `\dt x`.
    private static func isListing(_ statement: String) -> Bool {
        let words = statement.split(separator: " ")
        guard let verb = words.first, words.count <= 2 else { return false }
        let isVerb =
            verb == "\\conninfo" || verb == "\\l"
            || (verb.hasPrefix("\\d") && verb.utf8.count <= 6
                && verb.utf8.dropFirst().allSatisfy {
                    $0.isLetter || $0 == UInt8(ascii: "+")
                })
        let isPattern = words.dropFirst().allSatisfy { pattern in
            pattern.utf8.allSatisfy { !"\\`|;$\0\n".utf8.contains($0) }
        }
        return isVerb && isPattern
    }
}

/// Judges a statement of SQL by its words: how it begins, what it names, which functions it calls.
enum SQLReading {
    private enum Token: Equatable {
        case word(String)
        case quotedName, parenthesis, dot, other
    }

    /// Whether a statement reads, and calls only functions that are known to change nothing.
    /// - Complexity: O(bytes).
    static func onlyReads(_ statement: String) -> Bool {
        guard let tokens = tokens(Array(statement.utf8)), case .word(let verb)? = tokens.first,
            ["select", "show", "explain", "with"].contains(verb)
        else { return false }
        for (index, token) in tokens.enumerated() {
            let isCall = index + 1 < tokens.count && tokens[index + 1] == .parenthesis
            switch token {
            case .word(let word):
                guard !changing.contains(word) else { return false }
                guard isCall else { continue }
                // A schema of one's own may hold a function of any name.
                let isQualified = index > 0 && tokens[index - 1] == .dot
                guard !isQualified, functions.contains(word) || keywords.contains(word) else {
                    return false
                }
            case .quotedName: if isCall { return false }
            case .parenthesis, .dot, .other: break
            }
        }
        return true
    }

    /// The tokens of one statement; nil where there is another, or something that hides what is
    /// read: comments, escapes, dollar quotes, open quotes, what is not known, other scripts.
    private static func tokens(_ bytes: [UInt8]) -> [Token]? {
        var tokens: [Token] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                index += 1
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                guard let end = quoteEnd(bytes, from: index) else { return nil }
                tokens.append(byte == UInt8(ascii: "'") ? .other : .quotedName)
                index = end
            case _ where ShellVariable.isNameByte(byte, isFirst: true):
                let rest = bytes[index...]
                let word = rest.prefix { ShellVariable.isNameByte($0, isFirst: false) }
                index = word.endIndex
                // `E'…'` and its like have escapes.
                if index < bytes.count, "'\"&".utf8.contains(bytes[index]) { return nil }
                tokens.append(.word(String(decoding: word, as: UTF8.self).lowercased()))
            case UInt8(ascii: "("), UInt8(ascii: "."):
                tokens.append(byte == UInt8(ascii: "(") ? .parenthesis : .dot)
                index += 1
            case UInt8(ascii: ";"):
                guard bytes[(index + 1)...].allSatisfy({ " \t\n\r".utf8.contains($0) }) else {
                    return nil
                }
                index = bytes.count
            case UInt8(ascii: "-") where next == byte, UInt8(ascii: "/") where next == 0x2A:
                return nil
            case _ where byte < 0x20 || byte > 0x7E || "\\$`".utf8.contains(byte): return nil
            default:
                tokens.append(.other)
                index += 1
            }
        }
        return tokens
    }

    /// The place behind a quoted text; nil where it does not end, or what is in it is not known.
    private static func quoteEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        let quote = bytes[start]
        var index = start + 1
        while index < bytes.count {
            if bytes[index] == 0 || bytes[index] == UInt8(ascii: "\\") { return nil }
            if bytes[index] == quote {
                guard index + 1 < bytes.count, bytes[index + 1] == quote else { return index + 1 }
                index += 1
            }
            index += 1
        }
        return nil
    }

    private static let changing: Set<String> = [
        "insert", "update", "delete", "drop", "alter", "create", "truncate", "grant", "revoke",
        "copy", "call", "do", "vacuum", "reindex", "into", "analyze", "analyse", "merge",
        "execute", "prepare", "refresh", "cluster", "declare", "reset", "nextval", "setval",
    ]

    /// Words that a parenthesis may follow without a call.
    private static let keywords: Set<String> = [
        "select", "from", "where", "and", "or", "not", "in", "exists", "any", "all", "some",
        "values", "as", "on", "using", "join", "lateral", "over", "filter", "group", "order", "by",
        "having", "distinct", "union", "intersect", "except", "between", "like", "ilike", "when",
        "then", "else", "case", "limit", "offset", "explain", "interval", "numeric", "varchar",
        "char", "decimal", "timestamp", "within", "is", "materialized", "partition",
    ]

    private static let functions: Set<String> = [
        "abs", "age", "array", "array_agg", "array_length", "array_to_string", "avg", "bool_and",
        "bool_or", "cardinality", "cast", "ceil", "clock_timestamp", "coalesce", "col_description",
        "concat", "count", "current_database", "current_schema", "current_setting", "date_part",
        "date_trunc", "dense_rank", "extract", "first_value", "floor", "format_type",
        "generate_series", "greatest", "inet_client_addr", "inet_server_addr", "inet_server_port",
        "json_agg", "json_build_object", "jsonb_agg", "jsonb_build_object", "jsonb_pretty", "lag",
        "last_value", "lead", "least", "left", "length", "lower", "max", "md5", "min", "mod", "now",
        "nullif", "obj_description", "percentile_cont", "percentile_disc", "pg_backend_pid",
        "pg_blocking_pids", "pg_column_size", "pg_current_wal_lsn", "pg_database_size",
        "pg_get_constraintdef", "pg_get_expr", "pg_get_indexdef", "pg_get_viewdef",
        "pg_indexes_size", "pg_is_in_recovery", "pg_last_wal_receive_lsn",
        "pg_last_wal_replay_lsn", "pg_last_xact_replay_timestamp", "pg_postmaster_start_time",
        "pg_relation_size", "pg_size_pretty", "pg_table_size", "pg_total_relation_size",
        "pg_wal_lsn_diff", "position", "quote_ident", "rank", "regexp_replace", "replace", "right",
        "round", "row_number", "row_to_json", "split_part", "statement_timestamp", "stddev",
        "string_agg", "substr", "substring", "sum", "to_char", "to_json", "to_jsonb",
        "to_timestamp", "trim", "unnest", "upper", "version",
    ]
}
