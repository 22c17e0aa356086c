import Documents
import Testing

struct DocumentKindTests {
    private func check(
        _ kind: DocumentKind, _ paths: String..., at location: SourceLocation = #_sourceLocation
    ) {
        for path in paths {
            #expect(DocumentKind(path: path) == kind, "\(path)", sourceLocation: location)
        }
    }

    @Test func `the nearest telling folder counts`() {
        check(
            .runbook, "runbooks/a.md", "docs/runbooks/x/a.md", "Runbooks/A.MD", "my-runbook/a.txt")
        check(.playbook, "playbooks/a.md", "runbooks/playbooks/a.md")
        check(.runbook, "playbooks/runbooks/a.md")
        check(.agent, "agents/a.md", "/x/agents/sub/a.md")
        check(.note, "memory/notes/a.md")
        check(.document, "myagents/a.md", "notesy/a.md", "a.md", "docs/a.markdown")
        check(.text, "a.yaml", "x/main.tf", "Makefile", "")
    }

    @Test func `a file's own name does not make it a runbook`() {
        check(.document, "runbook.md", "docs/runbook-x.md")
    }

    @Test func `a README is a README wherever it lies`() {
        check(.readme, "README.md", "runbooks/readme.txt", "agents/Readme", "README.de.md")
    }

    @Test func `a retrospective is named so`() {
        check(.retrospective, "memory/runs/1/retrospective.md", "Retrospective.md")
        check(.text, "retrospective.txt")
    }

    @Test func `formats are told from the extension`() {
        func check(_ path: String, _ format: DocumentFormat?) {
            #expect(DocumentFormat(path: path) == format, "\(path)")
        }
        check("a.md", .markdown)
        check("x/A.MD", .markdown)
        check("a.b.markdown", .markdown)
        check("a.txt", .plainText)
        check("main.tf", .terraform)
        check("prod.auto.tfvars", .terraform)
        check("a.yaml", .yaml)
        check("x/A.YML", .yaml)
        check("LICENSE", .plainText)
        check("x.d/LICENSE", .plainText)
        check("a.png", nil)
        check("a.md.gz", nil)
        check(".md", nil)
        check(".gitignore", nil)
        check(".hidden.md", .markdown)
        check("a.", .plainText)
    }
}
