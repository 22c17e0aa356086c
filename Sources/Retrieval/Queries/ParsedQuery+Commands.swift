extension ParsedQuery {
    private static let tools: Set<String> = [
        "ansible", "argocd", "aws", "az", "calicoctl", "cilium", "consul", "crictl", "ctr", "curl",
        "dig", "docker", "etcdctl", "flux", "gcloud", "git", "helm", "istioctl", "journalctl",
        "kubeadm", "kubectl", "mysql", "nomad", "oc", "openssl", "pg_dump", "podman", "psql",
        "redis-cli", "ssh", "sudo", "systemctl", "terraform", "tofu", "vault", "velero",
    ]
    private static let wordLimit = 24

    /// A shell command: its tool, verbs and long flags; nil for other text.
    ///
    /// A line with a prompt is one; else a known tool must stand first and a flag somewhere, or
    /// nothing but plain words behind it.
    static func command(_ query: String) -> ParsedQuery? {
        guard !query.contains("\n") else { return nil }
        let hasPrompt = query.hasPrefix("$ ")
        let words = (hasPrompt ? query.dropFirst(2) : query[...])
            .split(whereSeparator: \.isWhitespace)
        guard let tool = words.first(where: { $0 != "sudo" }), words.count > 1 else { return nil }
        let hasFlag = words.dropFirst().contains { $0.first == "-" && $0.count > 1 }
        let isPlain =
            words.count <= 6 && words.allSatisfy { !QueryTerms.stopWords.contains($0.lowercased()) }
            && words.last?.last.map { $0.isLetter || $0.isNumber || $0 == "/" } == true
        guard hasPrompt || tools.contains(String(tool)) && (hasFlag || isPlain) else { return nil }
        // What a flag is given, and what the shell expands, is of this one call.
        let telling = words.prefix(wordLimit).filter { $0 != "sudo" && $0.first != "$" }.map {
            $0.split(separator: "=", maxSplits: 1).first ?? $0
        }.filter { $0.first != "-" || $0.hasPrefix("--") }
        let sense = telling.map { $0.drop { $0 == "-" } }.joined(separator: " ")
        return ParsedQuery(.command, sense: sense, names: names(in: sense), whole: query)
    }

    /// An error's code with at most a few words around it; nil for other text.
    ///
    /// `ORA-01555`, `0x80070005`, `ECONNREFUSED`, `SQLSTATE 40001`, `exit code 137`, `HTTP 503`.
    static func errorCode(_ query: String) -> ParsedQuery? {
        let words = query.split(whereSeparator: \.isWhitespace)
        guard (1...4).contains(words.count), query.utf8.count <= 80 else { return nil }
        let codes = words.filter { isCode($0) }.map(String.init)
        let isStatus =
            query.lowercased().wholeMatch(
                of:
                    /(?:http(?: status)?|status(?: code)?|exit (?:code|status)|errno|sqlstate)[ :=]+[0-9a-z]{1,5}/
            ) != nil
        guard !codes.isEmpty || isStatus else { return nil }
        return ParsedQuery(.errorCode, sense: query, names: codes, whole: query)
    }

    private static func isCode(_ word: Substring) -> Bool {
        word.wholeMatch(of: /[A-Z]{2,12}[-_]?[0-9]{2,6}[A-Z]?/) != nil
            || word.wholeMatch(of: /0x[0-9A-Fa-f]{3,16}/) != nil
            || word.wholeMatch(of: /(?:ERR|E)_[A-Z0-9_]{3,40}/) != nil
            || word.wholeMatch(
                of: /E(?:CONN|HOST|TIME|ADDR|NO|ACC|PERM|AGAIN|PIPE|BUSY|MFILE|XIST)[A-Z]{0,12}/)
                != nil
    }
}
