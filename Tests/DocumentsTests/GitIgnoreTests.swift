import Documents
import Foundation
import TestSupport
import Testing

/// `FolderWalk` reads the files that git would add, as far as anything reads files of their kind.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/git"), "git is the oracle"))
struct GitIgnoreTests {
    private static let names = [
        "a.md", "b.md", "foo.md", "bar.txt", "foo/bar.md", "foo/x.md", "foo/deep/bar.md",
        "foo/deep/er/x.txt", "doc/frotz/a.md", "doc/frotz.md", "build/out.md", "src/build/out.md",
        "src/build.md", "#hash.md", "!bang.md", "sp ace.md", "sp/x.md", "sp /x.md", "sp\\/x.md",
        "tab\t/x.md", "x[1].md", "x1.md", "xa.md", "xz.md", "x-.md", "x].md", "x!.md", "x^.md",
        "x\\.md", "abc/def/ghi.md", "abc/ghi.md", "tmp/keep.md", "tmp/drop.md", "README", "é.md",
        "star*.md", "star1.md", "back\\slash.md", "q?.md", "qq.md", "{a,b}.md", "dir.md/inner.md",
        "logs/1.txt", "logs/keep/2.txt", "UPPER.MD", "a.MD", ".hidden.md", ".conf/a.md", "-.md",
        "a/b/c/d/e.md", "foo/build/a.md", "no\\", "open[.md",
    ]

    /// The walk and `git ls-files` over the same files, both as sorted paths below the folder.
    private func compare(
        _ rules: [String: String], below: String = "",
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let folder = try TemporaryFolder()
        for name in Self.names { try folder.write("x", to: name) }
        for (name, text) in rules { try folder.write(text, to: name) }
        let git = BuiltBinary(
            in: folder.path,
            environment: [
                "HOME": folder.path, "XDG_CONFIG_HOME": folder.path, "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CEILING_DIRECTORIES": "/",
            ])
        let result = try git.shortShell(
            "git init -q . && git ls-files -z -co --exclude-standard ./\(below)")
        try #require(result.status == 0, "\(result.errors)")
        let expected = result.output.utf8.split(separator: 0).map { String(Substring($0)) }
            .filter { DocumentFormat(path: $0) != nil }
        let walk = try FolderWalk(below.isEmpty ? folder.path : folder.path + "/" + below)
        let found = walk.files.map { String($0.dropFirst(folder.path.count + 1)) }
        let (extra, missing) = (
            Set(found).subtracting(expected).sorted(), Set(expected).subtracting(found).sorted()
        )
        #expect(extra == [], "read though git ignores them: \(rules)", sourceLocation: location)
        #expect(missing == [], "left out though git adds them: \(rules)", sourceLocation: location)
        #expect(Set(found).count == found.count, sourceLocation: location)
    }

    private func check(_ rules: String, at location: SourceLocation = #_sourceLocation) throws {
        try compare([".gitignore": rules], at: location)
    }

    @Test func `no rules ignore nothing`() throws {
        try compare([:])
        try check("")
        try check("\n\n# only comments\n   \n")
    }

    @Test func `plain names match at every depth`() throws {
        try check("foo.md\nbar.md\nbuild\nREADME")
        try check("*.txt\n*.MD\n")
    }

    @Test func `a later negation brings files back`() throws {
        try check("*.md\n!foo.md\n!doc/\n!doc/frotz.md\n")
        try check("!a.md\n*.md\n!b.md\nb.md\n")
        try check("*\n!*/\n!*.txt\n")
    }

    @Test func `nothing below an ignored folder comes back`() throws {
        try check("tmp/\n!tmp/keep.md\n")
        try check("tmp/*\n!tmp/keep.md\n")
        try check("logs\n!logs/keep\n!logs/keep/2.txt\n")
        try check("foo/*\n!foo/deep\nfoo/deep/*\n!foo/deep/er\n")
    }

    @Test func `a slash anchors`() throws {
        try check("/foo.md\n/build\ndoc/frotz\n")
        try check("frotz.md\n/frotz\ndeep/bar.md\n")
        try check("src/build.md\n/doc/frotz/a.md\n")
    }

    @Test func `a slash at the end names folders only`() throws {
        try check("build/\nfoo.md/\ndir.md/\nfrotz/\n")
        try check("/build/\nfoo/deep/\n")
        try check("*/\n!foo/\n")
    }

    @Test func `double stars cross folders`() throws {
        try check("**/bar.md\nfoo/**/x.txt\nabc/**\n")
        try check("abc/**/ghi.md\n**/build/**\n!src/build/out.md\n")
        try check("**/foo\na/**/e.md\n")
        try check("/**/deep\n**/\n!foo/\n")
        try check("foo/**\n!foo/**/\n!foo/deep/**\n")
        try check("a/**/**/e.md\n**/**/x.md\n")
    }

    @Test func `stars inside a segment are plain stars`() throws {
        try check("f**o.md\n**out.md\nfoo/**bar.md\n***.txt\n")
        try check("**\n!a.md\n")
        try check("fo*/*.md\n*/frotz*\n")
    }

    @Test func `trailing spaces go unless escaped`() throws {
        try check("sp ace.md   \nfoo.md \n")
        try check("sp \n")
        try check("sp\\ \n")
        try check("sp\\   \n")
    }

    @Test func `a space after an escaped backslash goes`() throws {
        try check("sp\\\\ \n")
    }

    @Test func `a trailing tab stays`() throws {
        try check("foo.md\t\ntab\t\n")
    }

    @Test func `comments and escapes`() throws {
        try check("#hash.md\n!bang.md\n")
        try check("\\#hash.md\n\\!bang.md\n")
        try check(" #hash.md\n\\foo.md\n")
        try check("star\\*.md\nq\\?.md\nback\\\\slash.md\n\\x\\1.md\n")
        try check("!\\!bang.md\n*.md\n!\\!bang.md\n")
    }

    @Test func `question marks and classes`() throws {
        try check("?.md\n")
        try check("??.md\nq?.md\n")
        try check("x[1].md\n")
        try check("x[0-9].md\nx[!a-z].md\n")
        try check("x[^1]*.md\n")
        try check("x[]-].md\n")
        try check("x[a-].md\n")
        try check("[#]hash.md\n[!a-z]bang.md\n[{]a,b}.md\n")
        try check("*[a-c].md\n[a-z]/[a-z]/\n")
        try check("foo[/]bar.md\nfoo?bar.md\n")
    }

    @Test func `escapes inside classes`() throws {
        try check("x[\\]].md\n")
        try check("x[\\-z].md\n")
        try check("x[\\\\].md\n")
    }

    @Test func `named classes`() throws {
        try check("x[[:digit:]].md\n")
        try check("x[[:alpha:]!].md\n")
    }

    @Test func `an open bracket matches nothing`() throws {
        try check("open[.md\n")
        try check("x[1.md\n*[a\n")
    }

    @Test func `a trailing backslash matches nothing`() throws {
        try check("no\\\nfoo.md\\\n")
    }

    @Test func `line ends and marks at the start`() throws {
        try check("foo.md\r\nbuild/\r\n\r\n*.txt\r\n")
        try check("foo.md\r")
        try check("a.md\n\nb.md")
    }

    @Test func `a byte order mark is no part of the first pattern`() throws {
        try check("\u{FEFF}foo.md\nb.md\n")
    }

    @Test func `odd slashes`() throws {
        try check("/\n")
        try check("foo//bar.md\n//a.md\n")
        try check("//\nfoo/deep//\n")
        try check("./a.md\n../b.md\n")
    }

    @Test func `nearer files win`() throws {
        try compare([
            ".gitignore": "*.md\n!doc/\n", "foo/.gitignore": "!bar.md\n/deep/er/\n",
            "foo/deep/.gitignore": "bar.md\n", "src/.gitignore": "/build\n!build.md\n",
        ])
        try compare([".gitignore": "foo/\n", "foo/.gitignore": "!*\n"])
        try compare(["foo/.gitignore": "/x.md\ndeep/bar.md\n", "doc/.gitignore": "frotz\n"])
    }

    @Test func `a folder inside obeys the files above it`() throws {
        let rules = [
            ".gitignore": "/foo/x.md\n*.txt\nfoo/deep/bar.md\n", "foo/.gitignore": "!x.txt\n",
        ]
        try compare(rules, below: "foo")
        try compare(rules, below: "foo/deep")
        try compare([".gitignore": "**/er/*\n/er/\n"], below: "foo/deep")
    }

    @Test(arguments: 0..<6)
    func `random rules are read as git reads them`(round: Int) throws {
        var generator = SeededGenerator(seed: UInt64(30 + round))
        let parts = [
            "foo", "*", "**", "b*", "?ar*", "[a-f]*", "deep", "build", "x[1a]*", "*.md", "*.txt",
            "doc", "src", "o*t*", "tmp", "abc", "er", "[!a-m]*", "frotz*",
        ]
        for _ in 0..<12 {
            let lines = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                let segments = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                    parts.randomElement(using: &generator) ?? "*"
                }
                let marks = (0..<3).map { _ in Int.random(in: 0..<4, using: &generator) == 0 }
                return (marks[0] ? "!" : "") + (marks[1] ? "/" : "")
                    + segments.joined(separator: "/") + (marks[2] ? "/" : "")
            }
            try check(lines.joined(separator: "\n") + "\n")
        }
    }
}
