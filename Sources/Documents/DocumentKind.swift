/// What role a document plays, told from its place and name.
public enum DocumentKind: String, Sendable, Codable, CaseIterable {
    /// An operational procedure.
    case runbook
    /// A procedure above single runbooks: an incident, a recovery, a review.
    case playbook
    /// A README.
    case readme
    /// An agent's definition.
    case agent
    /// What was learnt after a run.
    case retrospective
    /// Something an agent was asked to remember.
    case note
    /// A line of the timeline.
    case event
    /// Any other page of prose.
    case document
    /// Anything else that is text: manifests, Terraform, configuration.
    case text

    /// The kind of the file at a path.
    ///
    /// The nearest telling folder counts; a README is a README wherever it lies.
    public init(path: String) {
        let parts = path.lowercased().split(separator: "/").map(String.init)
        let name = parts.last ?? ""
        let folders = parts.dropLast()
        if name.hasPrefix("readme") {
            self = .readme
        } else if name == "retrospective.md" {
            self = .retrospective
        } else if let kind = folders.reversed().lazy.compactMap(Self.init(folder:)).first {
            self = kind
        } else {
            self = DocumentFormat(path: path) == .markdown ? .document : .text
        }
    }

    private init?(folder: String) {
        if folder.contains("playbook") {
            self = .playbook
        } else if folder.contains("runbook") {
            self = .runbook
        } else if folder == "agents" {
            self = .agent
        } else if folder == "notes" {
            self = .note
        } else {
            return nil
        }
    }
}

/// How a file is cut into passages.
public enum DocumentFormat: Sendable {
    /// Markdown with headings.
    case markdown
    /// YAML: manifests, alert rules, configuration.
    case yaml
    /// Terraform and other HCL.
    case terraform
    /// Lines of text.
    case plainText

    private static let markdownExtensions: Set<String> = ["md", "markdown", "mdx", "mkd"]
    private static let textExtensions: Set<String> = [
        "txt", "text", "rst", "adoc", "asciidoc", "org", "toml", "ini", "conf", "cfg",
        "properties", "sh", "bash", "service", "rules", "sql",
    ]

    /// The format of the file at a path, told from its extension; nil where nothing here reads it.
    ///
    /// A name without an extension counts as text.
    public init?(path: String) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let parts = name.split(separator: ".", omittingEmptySubsequences: true)
        guard parts.count > 1, let last = parts.last else {
            guard !name.hasPrefix(".") else { return nil }
            self = .plainText
            return
        }
        let fileExtension = last.lowercased()
        if Self.markdownExtensions.contains(fileExtension) {
            self = .markdown
        } else if ["yaml", "yml"].contains(fileExtension) {
            self = .yaml
        } else if ["tf", "tfvars", "hcl"].contains(fileExtension) {
            self = .terraform
        } else if Self.textExtensions.contains(fileExtension) {
            self = .plainText
        } else {
            return nil
        }
    }
}
