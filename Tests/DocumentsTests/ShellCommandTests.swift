import Documents
import Testing

/// The commands of a fence, as `Instruction` gives them.
struct ShellCommandTests {
    private func commands(_ body: String, language: String) -> [ShellCommand] {
        Instruction.instructions(
            in: "```\(language)\n\(body)\n```\n", firstLine: 1, headings: []
        ).flatMap(\.commands)
    }

    private func check(
        _ body: String, _ expected: [(String, ClosedRange<Int>)], language: String = "sh",
        at location: SourceLocation = #_sourceLocation
    ) {
        let found = commands(body, language: language)
        #expect(found.map(\.text) == expected.map(\.0), sourceLocation: location)
        #expect(found.map(\.lines) == expected.map(\.1), sourceLocation: location)
    }

    @Test func `each line is a command`() {
        check("ls\npwd -P", [("ls", 2...2), ("pwd -P", 3...3)])
        check("\n  ls  \n\n", [("ls", 3...3)])
        check("ls", [("ls", 2...2)], language: "console")
        check("ls", [], language: "python")
        check("ls", [], language: "")
    }

    @Test func `comments are left out`() {
        check("# list\nls\n  # done", [("ls", 3...3)])
        check("ls # all", [("ls # all", 2...2)])
        check("echo a#b", [("echo a#b", 2...2)])
    }

    @Test func `a backslash goes on with the next line`() {
        check(
            "aws s3 ls \\\n--recursive \\\n--summarize\nls",
            [
                ("aws s3 ls \\\n--recursive \\\n--summarize", 2...4), ("ls", 5...5),
            ])
        check("ls \\", [("ls \\", 2...2)])
    }

    @Test func `prompts are removed and output is left out`() {
        check("$ ls\na.txt\nb.txt\n$ pwd\n/x", [("ls", 2...2), ("pwd", 5...5)])
        check("$ aws x \\\n--y\nout", [("aws x \\\n--y", 2...3)])
        check("$HOME/bin/x", [("$HOME/bin/x", 2...2)])
        check("echo $ x", [("echo $ x", 2...2)])
    }

    @Test func `open quotes go on`() {
        check("echo 'a\nb'\nls", [("echo 'a\nb'", 2...3), ("ls", 4...4)])
        check("echo \"a\nit's\"\nls", [("echo \"a\nit's\"", 2...3), ("ls", 4...4)])
        check("echo \"\\\"\"\nls", [("echo \"\\\"\"", 2...2), ("ls", 3...3)])
        check("echo '\\'\nls", [("echo '\\'", 2...2), ("ls", 3...3)])
        check("echo \"open\nls", [("echo \"open\nls", 2...3)])
    }

    @Test func `a quote in a comment opens nothing`() {
        check("ls # don't stop\npwd", [("ls # don't stop", 2...2), ("pwd", 3...3)])
    }

    @Test func `here-documents are whole`() {
        check(
            "cat <<EOF\na: 1\n# no comment\n\nb\nEOF\nls",
            [
                ("cat <<EOF\na: 1\n# no comment\n\nb\nEOF", 2...7), ("ls", 8...8),
            ])
        check("cat <<'END' > x\n$y\nEND", [("cat <<'END' > x\n$y\nEND", 2...4)])
        check("cat <<-\"X\"\nX\nls", [("cat <<-\"X\"\nX", 2...3), ("ls", 4...4)])
        check("cat <<EOF\nopen", [("cat <<EOF\nopen", 2...3)])
    }

    @Test func `a here-document keeps its indentation`() {
        check(
            "kubectl apply -f - <<EOF\nmetadata:\n  name: x\nEOF",
            [
                ("kubectl apply -f - <<EOF\nmetadata:\n  name: x\nEOF", 2...5)
            ])
    }

    @Test func `a quoted text keeps its indentation`() {
        check("python3 -c 'if 1:\n  print(2)'", [("python3 -c 'if 1:\n  print(2)'", 2...3)])
    }

    /// Without a dash, only a line that is exactly the word ends a here-document.
    @Test func `an indented word does not end a here-document`() {
        check("cat <<EOF\n  EOF\nb\nEOF\nls", [("cat <<EOF\n  EOF\nb\nEOF", 2...5), ("ls", 6...6)])
    }

    @Test func `a here-string is no here-document`() {
        check("wc -c <<< hello\nls", [("wc -c <<< hello", 2...2), ("ls", 3...3)])
        check("wc -c <<<word\nls", [("wc -c <<<word", 2...2), ("ls", 3...3)])
    }

    @Test func `a shift is no here-document`() {
        check("echo $((1 << n))\nls", [("echo $((1 << n))", 2...2), ("ls", 3...3)])
    }

    @Test func `a here-document of a continued command is whole`() {
        check(
            "kubectl apply \\\n-f - <<EOF\na: 'it\nEOF\nls",
            [
                ("kubectl apply \\\n-f - <<EOF\na: 'it\nEOF", 2...5), ("ls", 6...6),
            ])
    }

    @Test func `the backslash of an escaped backslash does not go on`() {
        check("echo \\\\\nls", [("echo \\\\", 2...2), ("ls", 3...3)])
    }
}
