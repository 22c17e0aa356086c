extension ToolRules {
    /// Looks under verbs that look; rehearses where the last `--dry-run` says so.
    static func kubernetes(_ arguments: ArraySlice<String>) -> Lane {
        guard let global = kubernetesGlobals.read(arguments, limit: 1),
            let verb = global.operands.first
        else { return .execute }
        if let flags = kubernetesReading[verb] {
            guard let read = flags.read(global.rest) else { return .execute }
            return onlyLooks(verb, read.operands.first ?? "") ? .readOnly : .execute
        }
        if verb == "diff" {
            return kubernetesFiles.read(global.rest) == nil ? .execute : .dryRun
        }
        if verb == "rollout" { return rollout(global.rest) }
        guard kubernetesChanging.contains(verb), let read = kubernetesChanges.read(global.rest)
        else { return .execute }
        return rehearses(read) ? .dryRun : .execute
    }

    private static func rollout(_ arguments: ArraySlice<String>) -> Lane {
        guard let read = kubernetesRollout.read(arguments) else { return .execute }
        switch read.operands.first {
        case "status", "history": return .readOnly
        case "undo": return rehearses(read) ? .dryRun : .execute
        default: return .execute
        }
    }

    private static func rehearses(_ read: CommandArguments) -> Bool {
        ["client", "server"].contains(read.values("--dry-run").last)
    }

    /// Whether a verb with what stands behind it looks.
    private static func onlyLooks(_ verb: String, _ second: String) -> Bool {
        switch verb {
        case "auth": ["can-i", "whoami"].contains(second)
        case "config":
            ["view", "get-contexts", "current-context", "get-clusters"].contains(second)
        // `cluster-info dump` can write files.
        case "cluster-info", "version": second.isEmpty
        default: true
        }
    }

    // MARK: Flags

    // Without `--kubeconfig`, which can name a program to run, and what sends the client elsewhere.
    private static let kubernetesGlobals = FlagGrammar(
        valued: "-n --namespace --context --cluster --request-timeout")

    private static let kubernetesPrinting = kubernetesGlobals.adding(
        bare: "-A --all-namespaces --no-headers --show-labels --ignore-not-found",
        valued: "-l --selector --field-selector -o --output --sort-by --template --chunk-size -L")

    private static let kubernetesReading: [String: FlagGrammar] = [
        "get": kubernetesPrinting.adding(
            bare: "-w --watch-only --show-kind --show-managed-fields -R",
            valued: "-f --filename -k --kustomize", attached: "--watch"),
        "describe": kubernetesPrinting.adding(
            bare: "-R", valued: "-f --filename", attached: "--show-events"),
        "events": kubernetesPrinting.adding(
            bare: "-w", valued: "--for --types", attached: "--watch"),
        "top": kubernetesPrinting.adding(bare: "--containers --sum"),
        "wait": kubernetesPrinting.adding(
            bare: "--all", valued: "--for --timeout -f --filename"),
        "logs": kubernetesGlobals.adding(
            bare: "-f --follow -p --previous --timestamps --all-containers --prefix "
                + "--ignore-errors",
            valued: "-c --container -l --selector --since --since-time --tail --limit-bytes "
                + "--max-log-requests --pod-running-timeout"),
        "explain": kubernetesGlobals.adding(
            bare: "--recursive", valued: "--api-version -o --output"),
        "version": kubernetesGlobals.adding(bare: "--client --short", valued: "-o --output"),
        "cluster-info": kubernetesGlobals,
        "api-resources": kubernetesGlobals.adding(
            bare: "--no-headers", valued: "--api-group --verbs -o --output --sort-by",
            attached: "--namespaced"),
        "api-versions": kubernetesGlobals,
        "auth": kubernetesGlobals.adding(
            bare: "-A --all-namespaces -q --quiet --list --no-headers",
            valued: "--as --as-group --subresource -o --output"),
        "config": kubernetesGlobals.adding(
            bare: "--minify --flatten --no-headers", valued: "-o --output"),
    ]

    private static let kubernetesFiles = kubernetesGlobals.adding(
        bare: "-R --recursive --server-side --force-conflicts --prune",
        valued: "-f --filename -k --kustomize -l --selector --field-manager --concurrency")

    private static let kubernetesRollout = kubernetesGlobals.adding(
        bare: "-R --recursive",
        valued: "-f --filename -l --selector --revision --to-revision "
            + "--timeout -o --output", attached: "--dry-run -w --watch")

    private static let kubernetesChanging: Set<String> = [
        "apply", "create", "delete", "scale", "patch", "replace", "label", "annotate", "set",
        "drain", "cordon", "uncordon", "taint", "expose", "run", "autoscale",
    ]

    // `run` hands on what stands behind `--`; with `--dry-run` it is only printed.
    private static let kubernetesChanges = kubernetesFiles.adding(
        bare: "-A --all --all-namespaces --force --now --overwrite --save-config "
            + "--ignore-daemonsets --delete-emptydir-data --ignore-not-found",
        valued: "-o --output -p --patch --type --replicas --current-replicas --grace-period "
            + "--timeout --image --from --from-literal --from-file --port --target-port --name "
            + "--schedule --restart --labels --env --min --max --cpu-percent --subresource "
            + "--field-selector --pod-selector -c --containers --limits --requests",
        attached: "--dry-run --cascade --wait --validate")
}
