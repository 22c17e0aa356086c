import Documents
import TestSupport
import Testing

/// Terraform is cut at the blocks at the top, and never loses a byte.
struct TerraformChunkerTests {
    private func chunks(
        _ text: String, limit: Int = 300, minimum: Int = 1, path: String = "m/main.tf"
    ) -> [Chunk] {
        let properties = ChunkProperties(
            Array(text.utf8), path: path,
            chunker: Chunker(tokenLimit: limit, tokenMinimum: minimum))
        properties.expectTiles(path)
        return properties.chunks
    }

    private func check(
        _ text: String, minimum: Int = 1, path: String = "m/main.tf",
        _ expected: [(ClosedRange<Int>, String)], at location: SourceLocation = #_sourceLocation
    ) {
        let found = chunks(text, minimum: minimum, path: path)
        #expect(
            found.map(\.lines) == expected.map(\.0), "\(found.map(\.lines))",
            sourceLocation: location)
        #expect(found.map(\.breadcrumb) == expected.map(\.1), sourceLocation: location)
    }

    private static let blocks = """
        # The module of the logs.

        terraform {
          required_version = ">= 1.9"
        }

        # Kept for a year.
        /* and
           longer */

        resource "aws_s3_bucket" "logs" {
          bucket = "${var.name}-${lookup({ a = "}" }, "a")}"
          lifecycle {
            prevent_destroy = true # }
          }
        }
        variable "name" {}
        """

    @Test func `blocks are called by type and labels, comments go with what follows`() {
        check(
            Self.blocks,
            [
                (1...6, "main › terraform"), (7...16, "main › resource aws_s3_bucket.logs"),
                (17...17, "main › variable name"),
            ])
    }

    @Test func `small blocks share a passage, many are told by the first and the last`() {
        check(
            Self.blocks, minimum: 200,
            [(1...17, "main › terraform, resource aws_s3_bucket.logs, variable name")])
        let variables = "abcdef".map { "variable \"\($0)\" {}\n" }.joined()
        check(variables, minimum: 200, [(1...6, "main › variable a … variable f")])
    }

    @Test func `braces in strings, comments and heredocs count for nothing`() {
        let text = """
            resource "a" "b" {
              policy = <<-EOT
                { "Statement": [{
            resource "no" "block" {
              EOT
              text = "{ \\" ${a["}"]} %{ if x }{"
              // {
            }
            data "c" "d" {
            }
            """
        check(text, [(1...8, "main › resource a.b"), (9...10, "main › data c.d")])
    }

    @Test func `settings are called by their names`() {
        check(
            "env = \"prod\"\n\nzones = [\n  \"a\",\n]\n", path: "m/prod.auto.tfvars",
            [(1...2, "prod.auto › env"), (3...5, "prod.auto › zones")])
    }

    @Test func `a brace too few or a heredoc without end does not swallow what follows`() {
        check(
            "resource \"a\" \"b\" {\n  x = {\n}\n\nresource \"c\" \"d\" {\n}\n",
            [(1...4, "main › resource a.b"), (5...6, "main › resource c.d")])
        check(
            "locals {\n  x = <<EOT\n}\n\noutput \"y\" {\n}\n",
            [(1...4, "main › locals"), (5...6, "main › output y")])
    }

    @Test func `a huge block is cut at line ends under its name`() {
        let body = (0..<100).map { "  key_\($0) = \"value of it\"" }.joined(separator: "\n")
        let found = chunks("locals {\n\(body)\n}\n", limit: 60)
        #expect(found.count > 10)
        #expect(found.allSatisfy { $0.breadcrumb == "main › locals" && $0.tokenEstimate <= 60 })
    }

    @Test func `odd files are tiled all the same`() {
        for text in [
            "}", "{", "}}}\nresource \"a\" \"b\" {", "/*", "/* */ locals {}", "\"", "x = \"${\n",
            "\u{FEFF}locals {\r\n}\r\nlocals {\r\n}\r\n", "\tlocals\t{\n\t}\n", "<<EOT\nEOT\n",
            "a == b\n", "just words\n\nand more\n", "x = <<\n", "\\\"{\n", "# only\n# comments\n",
        ] {
            for limit in [1, 5, 300] {
                _ = chunks(text, limit: limit)
                _ = chunks(text, limit: limit, minimum: 120)
            }
        }
    }
}
