extension ShellCommand {
    /// Code spans that look like a command: a known tool and at least one argument.
    ///
    /// - Complexity: O(line).
    static func inline(in line: String, at number: Int) -> [ShellCommand] {
        codeSpans(in: line).compactMap { span in
            let text = span.trimmed
            let words = text.split(separator: " ")
            guard words.count > 1, let tool = words.first, knownTools.contains(String(tool)) else {
                return nil
            }
            return ShellCommand(text: text, lines: number...number)
        }
    }

    /// What stands between two ticks.
    private static func codeSpans(in line: String) -> [String] {
        var spans: [String] = []
        var isOpen = false
        // The last part has no tick after it.
        for part in line.utf8.split(separator: UInt8(ascii: "`"), omittingEmptySubsequences: false)
            .dropLast()
        {
            if isOpen, !part.isEmpty {
                spans.append(String(decoding: part, as: UTF8.self))
                isOpen = false
            } else {
                isOpen = true
            }
        }
        return spans
    }

    private static let knownTools: Set<String> = [
        "aws", "kubectl", "oc", "terraform", "tofu", "helm", "git", "psql", "curl", "docker",
        "systemctl", "journalctl", "ssh", "dig", "openssl", "gcloud", "az", "eksctl", "stripe",
        "supabase", "vercel", "make", "jq", "gh", "redis-cli", "rm", "sudo", "kill", "pg_dump",
    ]
}
