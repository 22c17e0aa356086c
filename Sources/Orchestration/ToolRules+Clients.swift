/// A client that looks under certain verbs, with certain flags.
struct ReadingClient: Sendable {
    /// The verbs, as their words joined by a blank.
    let verbs: Set<String>
    /// How many words there are in the longest verb.
    let verbWords: Int
    /// Flags that may stand before and behind the verb.
    let flags: FlagGrammar

    /// A client.
    ///
    /// - Parameters:
    ///   - verbs: those that only look.
    ///   - flags: those that keep it so.
    init(_ verbs: [String], _ flags: FlagGrammar) {
        self.verbs = Set(verbs)
        verbWords = verbs.map { $0.split(separator: " ").count }.max() ?? 1
        self.flags = flags
    }

    /// Read-only for a known verb with known flags.
    func lane(of arguments: ArraySlice<String>) -> Lane {
        guard let read = flags.read(arguments) else { return .execute }
        let isKnown = (1...verbWords).contains { count in
            verbs.contains(read.operands.prefix(count).joined(separator: " "))
        }
        return isKnown ? .readOnly : .execute
    }
}

extension ToolRules {
    static let clients: [String: ReadingClient] = [
        "gh": ReadingClient(
            [
                "pr view", "pr list", "pr diff", "pr checks", "pr status", "issue view",
                "issue list", "issue status", "run view", "run list", "release view",
                "release list", "repo view", "repo list", "workflow view", "workflow list",
                "auth status",
            ],
            FlagGrammar(
                bare: "--log --log-failed --comments --verbose",
                valued: "-R --repo --json -q --jq -L --limit -s --state -j --job")),
        "docker": ReadingClient(
            ["ps", "logs", "inspect", "images", "stats", "version"],
            FlagGrammar(
                bare: "-a --all -q --quiet --no-trunc --no-stream -f --follow -t --timestamps",
                valued: "-n --tail --since --until --format --filter")),
        "systemctl": ReadingClient(
            [
                "status", "show", "is-active", "is-enabled", "is-failed", "list-units",
                "list-timers", "list-unit-files", "list-dependencies", "cat",
            ],
            FlagGrammar(
                bare: "-a --all -l --full -q --quiet --no-pager --failed --user --plain",
                valued: "-n --lines -p --property -t --type --state -o --output")),
        "stripe": ReadingClient(
            ["logs tail", "status", "version"]
                + stripeResources.flatMap { [$0 + " list", $0 + " retrieve"] },
            FlagGrammar(bare: "--live", valued: "--limit")),
        "supabase": ReadingClient(
            [
                "status", "projects list", "functions list", "migration list", "branches list",
                "orgs list",
            ], FlagGrammar(valued: "-o --output --project-ref")),
        "vercel": ReadingClient(
            ["ls", "list", "inspect", "logs", "whoami"],
            FlagGrammar(bare: "--prod", valued: "--scope -S --environment")),
        "eksctl": ReadingClient(
            ["get"], FlagGrammar(valued: "--cluster --region -r --name -n -o --output -p --profile")
        ),
        "amtool": ReadingClient(
            ["alert", "alert query", "silence query", "config show", "config routes show"],
            FlagGrammar(valued: "--alertmanager.url -o --output")),
    ]

    private static let stripeResources = [
        "balance_transactions", "charges", "customers", "disputes", "events", "invoices",
        "payment_intents", "payouts", "prices", "products", "refunds", "subscriptions",
        "webhook_endpoints",
    ]

    // MARK: git

    /// Only looking at the history, and fetching from a named place.
    static func git(_ arguments: ArraySlice<String>) -> Lane {
        var arguments = arguments
        if arguments.first == "--no-pager" { arguments.removeFirst() }
        guard let verb = arguments.popFirst() else { return .execute }
        if verb == "fetch" {
            // A place with a colon can name a program to run.
            let isPlain = gitFetchFlags.read(arguments)?.operands.allSatisfy { operand in
                operand.utf8.allSatisfy { $0 > 0x20 && !":+".utf8.contains($0) }
            }
            return isPlain == true ? .dryRun : .execute
        }
        guard gitVerbs.contains(verb), gitFlags.read(arguments) != nil else { return .execute }
        return .readOnly
    }

    private static let gitVerbs: Set<String> = [
        "status", "log", "diff", "show", "blame", "ls-files", "rev-parse", "describe", "shortlog",
        "ls-tree", "cat-file",
    ]

    private static let gitFlags = FlagGrammar(
        bare: "-0 -p -s -b -r -t -w -e -z -u --oneline --stat --shortstat --numstat --patch "
            + "--graph --all --merges --no-merges --first-parent --follow --name-only "
            + "--name-status --cached --staged --short --porcelain --branch --show-toplevel "
            + "--tags --always --no-color --reverse --no-ext-diff --no-textconv --summary",
        valued: "-n -L -S -G --since --until --after --before --author --grep --max-count "
            + "--format --diff-filter --date",
        attached: "-M -C -U --abbrev-ref --abbrev --decorate --pretty --color --word-diff "
            + "--unified")

    private static let gitFetchFlags = FlagGrammar(
        bare: "-p -q -v -t --all --prune --tags --quiet --verbose --dry-run --no-tags",
        valued: "--depth")
}
