import Documents
import TestSupport
import Testing

struct InstructionTests {
    private func instructions(_ text: String, firstLine: Int = 1) -> [Instruction] {
        Instruction.instructions(in: text, firstLine: firstLine, headings: ["Page"])
    }

    private func check(
        _ text: String, _ expected: [(String, ClosedRange<Int>)],
        at location: SourceLocation = #_sourceLocation
    ) {
        let found = instructions(text)
        #expect(found.map(\.text) == expected.map(\.0), sourceLocation: location)
        #expect(found.map(\.lines) == expected.map(\.1), sourceLocation: location)
    }

    @Test func `list items and paragraphs are instructions`() {
        check("- one\n- two\n", [("one", 1...1), ("two", 2...2)])
        check(
            "1. one\n2) two\n* three\n+ four",
            [
                ("one", 1...1), ("two", 2...2), ("three", 3...3), ("four", 4...4),
            ])
        check("- [ ] open\n- [x] done", [("open", 1...1), ("done", 2...2)])
        check(
            "First line\nsecond line\n\nNext one\n",
            [
                ("First line second line", 1...2), ("Next one", 4...4),
            ])
        check("", [])
        check("\n\n", [])
        check("# Only a heading\n", [])
    }

    @Test func `an item holds what is indented below it`() {
        check(
            "- one\n  more\n\n  still one\n- two", [("one more still one", 1...4), ("two", 5...5)])
        check("- one\n\nno longer\n", [("one", 1...1), ("no longer", 3...3)])
    }

    @Test func `a fence below an item belongs to it`() throws {
        let found = instructions("1. Look:\n\n   ```sh\n   kubectl get pods\n   ```\n2. Next\n")
        #expect(found.map(\.text) == ["Look:", "Next"])
        #expect(found.map(\.lines) == [1...5, 6...6])
        #expect(found.first?.commands == [ShellCommand(text: "kubectl get pods", lines: 4...4)])
        #expect(found.map(\.isListItem) == [true, true])
    }

    @Test func `a paragraph leads up to its fence`() {
        let found = instructions("Run this:\n\n```bash\nls\n```\n\nThen stop.\n", firstLine: 10)
        #expect(found.map(\.text) == ["Run this:", "Then stop."])
        #expect(found.map(\.lines) == [10...14, 16...16])
        #expect(found.first?.commands == [ShellCommand(text: "ls", lines: 13...13)])
        #expect(found.map(\.isListItem) == [false, false])
    }

    @Test func `a fence of commands may stand alone`() {
        let found = instructions("```sh\nls\n```\n")
        #expect(found.map(\.text) == [""])
        #expect(found.map(\.lines) == [1...3])
        #expect(instructions("```sh\n# only a comment\n```\n") == [])
        #expect(instructions("```json\n{\"a\": 1}\n```\n") == [])
    }

    @Test func `lines of a fence that nothing closes end with the passage`() {
        for text in ["- Look:\n  ```sh\n  ls", "Look:\n```sh\nls"] {
            #expect(instructions(text).map(\.lines) == [1...3], "\(text)")
        }
        #expect(instructions("```sh\nls").map(\.lines) == [1...2])
    }

    @Test func `commands in ticks need a known tool and an argument`() {
        let found = instructions(
            "Run `kubectl get pods`, not `kubectl` or `foo bar`; `git  status`.")
        #expect(found.first?.commands.map(\.text) == ["kubectl get pods", "git  status"])
        #expect(found.first?.commands.map(\.lines) == [1...1, 1...1])
    }

    @Test func `headings of the passage replace those above it`() {
        let found = Instruction.instructions(
            in: "- zero\n## A\n- one\n### B\n- two\n## C\n- three", firstLine: 1,
            headings: ["Page", "A"])
        #expect(
            found.map(\.headings) == [
                ["Page", "A"], ["Page", "A"], ["Page", "A", "B"], ["Page", "C"],
            ])
    }

    @Test func `lines stay within the passage and rise`() {
        for seed in UInt64(0)..<40 {
            let markdown = RandomMarkdown(seed: seed)
            let text = markdown.lines.joined(separator: "\n")
            var last = 100
            for instruction in instructions(text, firstLine: 100) {
                #expect(instruction.lines.lowerBound >= last, "seed \(seed)")
                #expect(
                    instruction.lines.upperBound < 100 + max(1, markdown.lines.count),
                    "seed \(seed)")
                for command in instruction.commands {
                    #expect(instruction.lines.contains(command.lines.lowerBound), "seed \(seed)")
                    #expect(instruction.lines.contains(command.lines.upperBound), "seed \(seed)")
                }
                last = instruction.lines.upperBound + 1
            }
        }
    }

    /// Lines on which a backtracking pattern takes time that grows with their square.
    @Test func `long odd lines are read in linear time`() async {
        await #expect(processExitsWith: .success) {
            ProcessorTime.limit(seconds: 5)
            for text in [
                "# a" + String(repeating: " ", count: 15_000) + "b",
                "# a" + String(repeating: "#", count: 15_000) + "b",
                "- " + String(repeating: "[", count: 15_000),
                "- " + String(repeating: "[a](", count: 5000),
                String(repeating: "`", count: 15_001), String(repeating: " ", count: 15_000) + "x",
            ] {
                _ = Instruction.instructions(in: text, firstLine: 1, headings: [])
            }
        }
    }
}
