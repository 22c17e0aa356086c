import Documents
import TestSupport
import Testing

/// YAML is cut at documents, keys and list items, and never loses a byte.
struct YAMLChunkerTests {
    private func chunks(
        _ text: String, limit: Int = 300, minimum: Int = 1, path: String = "m/app.yaml"
    ) -> [Chunk] {
        let properties = ChunkProperties(
            Array(text.utf8), path: path,
            chunker: Chunker(tokenLimit: limit, tokenMinimum: minimum))
        properties.expectTiles(path)
        return properties.chunks
    }

    private func check(
        _ text: String, limit: Int = 300, minimum: Int = 1,
        _ expected: [(ClosedRange<Int>, String)], at location: SourceLocation = #_sourceLocation
    ) {
        let found = chunks(text, limit: limit, minimum: minimum)
        #expect(
            found.map(\.lines) == expected.map(\.0), "\(found.map(\.lines))",
            sourceLocation: location)
        #expect(found.map(\.breadcrumb) == expected.map(\.1), sourceLocation: location)
    }

    private static let documents = """
        # What runs.
        apiVersion: v1
        kind: Service
        metadata:
          labels:
            name: not-this
          name: web
        spec: {}
        ---
        # The same, elsewhere.
        kind: "Service"
        metadata: {}
        ---
        kind: ConfigMap
        metadata:
          name: 'web-config'   # quoted
        data:
          page: |
            --- not a document
            kind: Nothing
        """

    @Test func `documents are called by kind and name`() {
        check(
            Self.documents,
            [
                (1...8, "app › Service/web"), (9...12, "app › Service"),
                (13...20, "app › ConfigMap/web-config"),
            ])
    }

    @Test func `small documents share a passage under all their names`() {
        check(
            Self.documents, minimum: 120,
            [(1...20, "app › Service/web, Service, ConfigMap/web-config")])
    }

    private static let rules = """
        kind: PrometheusRule
        metadata:
          name: node
        spec:
          groups:
          - name: disk
            rules:
            # Half a day is left.
            - alert: DiskFillingUp
              expr: |
                free < 1

                  and falling
            - record: disk:free
              expr: sum(free)
          - name: clock
            rules:
            - expr: skew > 1
              alert: ClockSkew
        """

    @Test func `alerts and records stand under their group, comments with what follows`() {
        check(
            Self.rules,
            [
                (1...1, "app › PrometheusRule/node › kind"),
                (2...3, "app › PrometheusRule/node › metadata"),
                (4...13, "app › PrometheusRule/node › disk › DiskFillingUp"),
                (14...15, "app › PrometheusRule/node › disk › disk:free"),
                (16...19, "app › PrometheusRule/node › clock › ClockSkew"),
            ])
    }

    @Test func `keys below one name are told by their path`() {
        let text = """
            spec:
              template:
                spec:
                  containers:
                    - name: web
                      image: one/two
                      env:
                        - name: A
                          value: b
                  volumes:
                    - emptyDir: {}
            on: true
            """
        check(
            text, limit: 20,
            [
                (1...6, "app › web › image"), (7...9, "app › web › env"),
                (10...11, "app › spec.template.spec.volumes"), (12...12, "app › on"),
            ])
    }

    @Test func `a list at the top is cut at its items`() {
        let play = "- name: %\n  tasks:\n    - debug: {}\n"
        let text = play.replacing("%", with: "first") + play.replacing("%", with: "second")
        check(text, limit: 14, [(1...3, "app › first"), (4...6, "app › second")])
    }

    @Test func `a huge value is cut at line ends under its key`() {
        let body = (0..<100).map { "    line \($0) of it # no comment" }.joined(separator: "\n")
        let found = chunks("a: 1\ndata:\n  page.conf: |-\n\(body)\nz: 2\n", limit: 60)
        #expect(found.count > 10)
        #expect(found.dropFirst().dropLast().allSatisfy { $0.breadcrumb == "app › data.page.conf" })
        #expect(found.allSatisfy { $0.tokenEstimate <= 60 })
        #expect(found.last?.breadcrumb == "app › z")
    }

    @Test func `without a key it is cut as plain text`() {
        let text = "just\nwords\n\n\tand tabs\n"
        #expect(chunks(text) == chunks(text, path: "m/app.txt"))
    }

    @Test func `odd files are tiled all the same`() {
        for text in [
            "---", "---\n---\n...\n", "\u{FEFF}---\r\nkind: A\r\n---\r\nkind: B\r\n", "a: |\n",
            "- |\n",
            "a: {\n b: [1,\n}\nc: 2", "\ta: 1\n\t\tb: 2\n", "- - - a\n    - b\n", "? a\n: b\n",
            "a: \"x\n---\ny\"\n", "   deep: 1\n  less: 2\n none: 3\nend: 4\n", "- a\nb: 1\n- c\n",
            ": : :\n-\n-\n- -\n", "#\n\n#\n", "{{ if .Values.x }}\na: 1\n{{ end }}\n",
        ] {
            for limit in [1, 5, 300] {
                _ = chunks(text, limit: limit)
                _ = chunks(text, limit: limit, minimum: 120)
            }
        }
    }

    @Test func `a deeply nested file takes no deep recursion`() {
        let text = (0..<2000).map { String(repeating: " ", count: $0) + "k\($0):" }
        let found = chunks(text.joined(separator: "\n"), limit: 50)
        #expect(found.count > 50)
    }
}
