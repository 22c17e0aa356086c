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
        let isStatus = isStatus(query.lowercased())
        guard !codes.isEmpty || isStatus else { return nil }
        return ParsedQuery(.errorCode, sense: query, names: codes, whole: query)
    }

    private static let statusNames = ["http", "status", "exit", "errno", "sqlstate"]

    private static func isStatus(_ query: String) -> Bool {
        // Expressions are slow: what they begin with is looked at first.
        guard statusNames.contains(where: query.hasPrefix) else { return false }
        let form =
            /(?:http(?: status)?|status(?: code)?|exit (?:code|status)|errno|sqlstate)[ :=]+[0-9a-z]{1,5}/
        return query.wholeMatch(of: form) != nil
    }

    /// What the names of the errors of POSIX begin with.
    private static let systemErrors = [
        "ECONN", "EHOST", "ETIME", "EADDR", "ENO", "EACC", "EPERM", "EAGAIN", "EPIPE", "EBUSY",
        "EMFILE", "EXIST",
    ]

    /// By bytes, since every word of a short query is asked: `0x80070005`, `ERR_NAME`, `ORA-01555`,
    /// `ECONNREFUSED`.
    private static func isCode(_ word: Substring) -> Bool {
        let bytes = Array(word.utf8)
        func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        if word.hasPrefix("0x") {
            return (5...18).contains(bytes.count)
                && bytes.dropFirst(2).allSatisfy {
                    isDigit($0) || (0x41...0x46).contains($0 & 0xDF) && $0 < 0x80
                }
        }
        for prefix in ["ERR_", "E_"] where word.hasPrefix(prefix) {
            let rest = bytes.dropFirst(prefix.utf8.count)
            let isName = rest.allSatisfy {
                isCapital($0) || isDigit($0) || $0 == UInt8(ascii: "_")
            }
            if isName, (3...40).contains(rest.count) { return true }
        }
        let letters = bytes.prefix(while: isCapital)
        var rest = bytes[letters.endIndex...]
        if rest.isEmpty {
            return systemErrors.contains {
                word.hasPrefix($0) && bytes.count <= $0.utf8.count + 12
            }
        }
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "_") { rest.removeFirst() }
        let digits = rest.prefix(while: isDigit)
        rest = rest[digits.endIndex...]
        return (2...12).contains(letters.count) && (2...6).contains(digits.count)
            && (rest.isEmpty || rest.count == 1 && rest.allSatisfy(isCapital))
    }
}
