import Documents
import Foundation
import Orchestration
import Testing

/// The policy that plans obey, read from front matter.
@Suite struct AgentDefinitionTests {
    static func definition(_ yaml: String, _ variables: [String: String] = [:]) -> AgentDefinition {
        let bytes = Array("---\n\(yaml)\n---\n# Agent\n".utf8)
        return AgentDefinition(Document(bytes, path: "agents/conductor.md"), variables: variables)
    }

    /// The planners that a value of `planner_primary` gives.
    static func check(
        _ value: String, _ variables: [String: String] = [:], _ expected: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let definition = definition("models:\n  planner_primary: \"\(value)\"", variables)
        #expect(
            [definition.primaryPlanner].compactMap { $0 } == expected, "\(value)",
            sourceLocation: sourceLocation)
    }

    @Test func `the shipped definition says what the defaults say`() throws {
        let file = PlanningRoom.corpora.appending(path: "agents/conductor.md")
        let document = Document(
            Array(try Data(contentsOf: file)), path: "agents/conductor.md")
        var expected = AgentDefinition()
        expected.primaryPlanner = "claude:latest"
        expected.secondaryPlanner = "ollama:llama3.1"
        #expect(AgentDefinition(document, variables: [:]) == expected)
    }

    @Test func `variables are expanded, with defaults`() {
        Self.check("${A:-b}", [:], ["b"])
        Self.check("${A:-b}", ["A": ""], ["b"])
        Self.check("${A:-b}", ["A": "c"], ["c"])
        Self.check("${A}", ["A": "c"], ["c"])
        Self.check("${A}", [:], [])
        Self.check("${A:-}", [:], [])
        Self.check("x-${A:-b}-${B}", ["B": "c"], ["x-b-c"])
        Self.check("${A:-claude:latest}", [:], ["claude:latest"])
        Self.check("$A ${} ${1} {A}", ["A": "c"], ["$A ${} ${1} {A}"])
        Self.check("${A}", ["A": "${B}", "B": "c"], ["${B}"])
        Self.check("${A:-a b}", [:], ["a b"])
    }

    @Test func `values of lists are expanded too`() {
        let definition = Self.definition(
            """
            policy:
              blast_radius_keywords: ["${RADIUS:-prod}", "iam"]
            guardrails:
              require_artifacts_for_promotion: ["${TOOL:-terraform}: plan.txt"]
            """, ["TOOL": "tofu"])
        #expect(definition.blastRadiusKeywords == ["prod", "iam"])
        #expect(definition.promotionArtifacts == ["tofu: plan.txt"])
    }

    @Test func `what is not said keeps its default`() {
        for yaml in [
            "", "name: Conductor", "memory: {}", "policy: {}", "policy:", "models:", "memory: text",
            "policy: []", "guardrails: 5", "policy:\n  cost_delta_monthly_limit: many",
            "memory:\n  kv:", "policy:\n  approval_required_for_execute:",
            "policy:\n  approval_required_for_execute: maybe",
        ] {
            #expect(Self.definition(yaml) == AgentDefinition(), "\(yaml)")
        }
    }

    @Test func `an empty or misshapen list does not remove a safeguard`() {
        for yaml in [
            "policy:\n  blast_radius_keywords:", "policy:\n  blast_radius_keywords: {prod: true}",
            "guardrails:\n  require_artifacts_for_promotion:",
            "policy:\n  blast_radius_keywords: ''",
        ] {
            #expect(Self.definition(yaml) == AgentDefinition(), "\(yaml)")
        }
    }

    @Test func `broken YAML and no front matter keep the defaults`() {
        #expect(Self.definition("policy: [unclosed") == AgentDefinition())
        #expect(Self.definition("\tname: x") == AgentDefinition())
        #expect(Self.definition("- a\n- b") == AgentDefinition())
        let plain = Document(Array("# Agent\nname: x\n".utf8), path: "a.md")
        #expect(AgentDefinition(plain, variables: [:]) == AgentDefinition())
        let empty = Document([], path: "a.md")
        #expect(AgentDefinition(empty, variables: [:]) == AgentDefinition())
    }

    @Test func `what is said is kept`() {
        let definition = Self.definition(
            """
            name: Other
            memory: {kv: a/b.sqlite, vector: a/v.faiss, timeline: a/t.ndjson}
            models: {planner_secondary: only}
            policy:
              approval_required_for_execute: false
              blast_radius_keywords: [x, y]
              cost_delta_monthly_limit: 20
            guardrails:
              require_artifacts_for_promotion: ["a: b"]
            """)
        #expect(definition.name == "Other")
        #expect(definition.keyValuePath == "a/b.sqlite")
        #expect(definition.vectorPath == "a/v.faiss")
        #expect(definition.timelinePath == "a/t.ndjson")
        #expect(definition.primaryPlanner == nil)
        #expect(definition.secondaryPlanner == "only")
        #expect(!definition.approvalRequired)
        #expect(definition.blastRadiusKeywords == ["x", "y"])
        #expect(definition.monthlyCostLimit == 20)
        #expect(definition.promotionArtifacts == ["a: b"])
    }

    @Test func `lanes are ordered by what they may change`() {
        #expect(Lane.allCases.sorted() == [.readOnly, .dryRun, .execute])
        #expect(Lane.allCases.map(\.phase) == [1, 2, 3])
        #expect(Lane.allCases.map(\.rawValue) == ["read_only", "dry_run", "execute"])
        #expect(Lane(rawValue: "READ_ONLY") == nil && Lane(rawValue: " read_only") == nil)
    }
}
