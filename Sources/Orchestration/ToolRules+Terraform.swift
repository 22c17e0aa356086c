/// Programs that plan what they would change.
extension ToolRules {
    // MARK: terraform

    /// Plans, and looks at plans and states; everything else acts.
    static func terraform(_ arguments: ArraySlice<String>) -> Lane {
        guard let global = terraformGlobals.read(arguments, limit: 1),
            let verb = global.operands.first, let rule = terraformVerbs[verb],
            let read = rule.flags.read(global.rest)
        else { return .execute }
        return rule.lane(read)
    }

    private typealias Verb = (flags: FlagGrammar, lane: @Sendable (CommandArguments) -> Lane)

    private static let terraformGlobals = FlagGrammar(.words, valued: "-chdir")
    private static let terraformShowing = FlagGrammar(.words, bare: "-json -raw -no-color")

    private static let terraformVerbs: [String: Verb] = [
        "show": (terraformShowing, { _ in .readOnly }),
        "output": (terraformShowing, { _ in .readOnly }),
        "version": (terraformShowing, { _ in .readOnly }),
        "validate": (terraformShowing, { $0.operands.isEmpty ? .readOnly : .execute }),
        "graph": (
            FlagGrammar(.words, bare: "-draw-cycles", valued: "-type -plan"), { _ in .readOnly }
        ),
        "providers": (
            terraformShowing, { ["", "schema"].contains(subverb($0)) ? .readOnly : .execute }
        ),
        "state": (
            FlagGrammar(.words, bare: "-no-color", valued: "-id"),
            { ["list", "show"].contains(subverb($0)) ? .readOnly : .execute }
        ),
        "workspace": (
            FlagGrammar(.words), { ["list", "show"].contains(subverb($0)) ? .readOnly : .execute }
        ),
        "fmt": (
            FlagGrammar(.words, bare: "-diff -recursive -no-color", attached: "-check -list"),
            { read in
                let checks = read.values("-check")
                return !checks.isEmpty && checks.allSatisfy { ["", "true"].contains($0) }
                    ? .readOnly : .execute
            }
        ),
        "plan": (
            FlagGrammar(
                .words, bare: "-no-color -detailed-exitcode -json -compact-warnings -refresh-only",
                valued: "-out -target -replace -var -var-file -lock-timeout -parallelism",
                attached: "-refresh -input -lock -destroy"),
            { read in
                let outputs = read.values("-out").map(CommandLane.lane(ofOutput:))
                return max(.dryRun, outputs.max() ?? .dryRun)
            }
        ),
        // Without the flags that move or copy state.
        "init": (
            FlagGrammar(
                .words, bare: "-no-color -upgrade -reconfigure -json",
                valued: "-backend-config -lock-timeout -lockfile",
                attached: "-backend -input -get -lock"),
            { $0.operands.isEmpty ? .dryRun : .execute }
        ),
    ]

    private static func subverb(_ read: CommandArguments) -> String {
        read.operands.first ?? ""
    }

    // MARK: helm

    /// Looks, renders, and rehearses where the last `--dry-run` says so.
    static func helm(_ arguments: ArraySlice<String>) -> Lane {
        guard let global = helmGlobals.read(arguments, limit: 1), let verb = global.operands.first,
            let read = helmFlags.read(global.rest),
            !read.values("-f", "--values").contains(where: { $0.contains("://") })
        else { return .execute }
        switch verb {
        case "list", "ls", "status", "get", "history", "show", "search", "lint", "version":
            return .readOnly
        case "template": return .dryRun
        case "diff":
            let compared = ["upgrade", "revision", "rollback", "release"]
            return compared.contains(subverb(read)) ? .dryRun : .execute
        case "upgrade", "install", "rollback", "uninstall":
            guard let last = read.values("--dry-run").last else { return .execute }
            return ["", "true", "client", "server"].contains(last) ? .dryRun : .execute
        default: return .execute
        }
    }

    private static let helmGlobals = FlagGrammar(valued: "-n --namespace --kube-context")
    private static let helmFlags = helmGlobals.adding(
        bare: "-A -a -i --all-namespaces --all --install --atomic --wait --reuse-values "
            + "--reset-values --create-namespace --short --devel --include-crds --no-hooks",
        valued: "-o --output --revision -f --values --set --set-string --version --repo --max "
            + "--timeout -l --selector -s --show-only --filter --kube-version",
        attached: "--dry-run")
}
