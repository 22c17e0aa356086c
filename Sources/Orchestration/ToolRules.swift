/// What is known of each program: its lane by its arguments.
enum ToolRules {
    typealias Rule = @Sendable (ArraySlice<String>) -> Lane

    /// The lane of a program with its arguments.
    ///
    /// A program is known by its bare name: one named by a path, or by a variable, could be
    /// anything.
    static func lane(of program: String, _ arguments: ArraySlice<ShellWord>) -> Lane {
        if readers.contains(program) { return .readOnly }
        guard let rule = rules[program], !arguments.contains(where: \.isOpen) else {
            return .execute
        }
        return rule(arguments.map(\.text)[...])
    }

    /// Programs that only look, whatever their arguments, and however many.
    private static let readers: Set<String> = [
        "ls", "cat", "head", "tail", "grep", "egrep", "fgrep", "zgrep", "wc", "cut", "tr", "jq",
        "column", "echo", "dig", "nslookup", "host", "ping", "df", "du", "free", "uptime", "ps",
        "id", "whoami", "uname", "stat", "sha256sum", "md5sum", "diff", "true", "false", "sleep",
        "cd", "pwd", "nproc", "netstat", "vmstat", "iostat", "basename", "dirname", "seq",
        "which", "comm", "paste", "nl",
    ]

    private static let rules: [String: Rule] = {
        var rules: [String: Rule] = [
            "aws": aws, "kubectl": kubernetes, "oc": kubernetes, "terraform": terraform,
            "tofu": terraform, "helm": helm, "psql": psql, "git": git, "curl": curl,
            "openssl": openssl, "sed": sed, "awk": awk, "find": find, "date": date, "uniq": uniq,
            "printf": printf, "export": export,
        ]
        for (program, client) in clients { rules[program] = client.lane(of:) }
        for (program, grammar) in lookers {
            rules[program] = { grammar.read($0) == nil ? .execute : .readOnly }
        }
        return rules
    }()

    /// Programs that only look as long as every flag is one of these.
    private static let lookers: [String: FlagGrammar] = [
        "sort": FlagGrammar(
            bare: "-b -c -d -f -g -h -i -M -n -R -r -s -u -V -z --unique --reverse --numeric-sort "
                + "--human-numeric-sort --version-sort --stable --ignore-case --check",
            valued: "-k -t --key --field-separator"),
        "file": FlagGrammar(bare: "-b -i -k -L --brief --mime --mime-type --mime-encoding"),
        "base64": FlagGrammar(bare: "-d -D --decode", valued: "-w --wrap"),
        "lsof": FlagGrammar(bare: "-a -l -n -P -t", valued: "-p -u -c", attached: "-i -s"),
        "ss": FlagGrammar(
            bare: "-t -u -x -w -l -n -p -a -e -m -i -o -s -r -4 -6 -H --tcp --udp --listening "
                + "--numeric --processes --all --summary --no-header"),
        "dmesg": FlagGrammar(
            bare: "-T -H -w -k -x -t -L --ctime --human --follow --kernel --decode --notime",
            valued: "-l -f --level --facility --since --until"),
        "journalctl": FlagGrammar(
            bare: "-f -k -b -r -e -x -q -a --follow --dmesg --boot --reverse --no-pager --quiet "
                + "--pager-end --catalog --list-boots --disk-usage --no-hostname --utc --all",
            valued: "-u --unit -S --since -U --until -n --lines -p --priority -o --output -t "
                + "--identifier -g --grep --user-unit"),
        // `-v` and `-R` evaluate what they are given.
        "test": FlagGrammar(bare: "-b -c -d -e -f -g -h -L -n -p -r -S -s -u -w -x -z"),
    ]

    /// Reads the clock; sets it where it is given a time.
    private static func date(_ arguments: ArraySlice<String>) -> Lane {
        let read = dateFlags.read(arguments)
        return read?.operands.allSatisfy { $0.hasPrefix("+") } == true ? .readOnly : .execute
    }

    private static let dateFlags = FlagGrammar(
        bare: "-u -R --utc --universal --rfc-email", valued: "-d --date -r --reference --rfc-3339",
        attached: "-I --iso-8601")

    /// Writes the second file that it is given, and a pattern may be two.
    private static func uniq(_ arguments: ArraySlice<String>) -> Lane {
        guard let read = uniqFlags.read(arguments), read.operands.count <= 1,
            !read.operands.contains(where: { $0.utf8.contains { "*?[".utf8.contains($0) } })
        else { return .execute }
        return .readOnly
    }

    private static let uniqFlags = FlagGrammar(
        bare: "-c -d -D -u -i -z --count --repeated --unique --ignore-case",
        valued: "-f -s -w --skip-fields --skip-chars --check-chars")

    /// Only with a format first: `-v` sets a variable, and evaluates its name.
    private static func printf(_ arguments: ArraySlice<String>) -> Lane {
        guard let format = arguments.first, format.utf8.first != UInt8(ascii: "-"),
            format.utf8.first != 0,
            !arguments.contains(where: { $0.utf8.contains { "$`".utf8.contains($0) } })
        else { return .execute }
        return .readOnly
    }

    /// As harmless as the variables.
    private static func export(_ arguments: ArraySlice<String>) -> Lane {
        let isHarmless = arguments.allSatisfy { word in
            ShellVariable.assignedName(word).map(ShellVariable.isHarmless) ?? false
        }
        return isHarmless && !arguments.isEmpty ? .readOnly : .execute
    }
}
