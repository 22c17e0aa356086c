import Documents
import Orchestration
import Retrieval
import TestSupport
import Testing

/// Lifting steps from pages, each into the lane that it needs.
@Suite struct OfflinePlannerTests {
    static let page = """
        # Widget outage

        ## Diagnosis

        1. List the widgets with `kubectl get widgets`.
        2. Delete the widgets that hang with `kubectl delete widget x`.

        ## Dry run

        1. Rehearse: `kubectl apply -f w.yaml --dry-run=server`.

        ## Rollback

        1. Put the old widgets back with `kubectl rollout undo deploy/w`.

        ## Apply

        1. Apply the widgets with `kubectl apply -f w.yaml`.

        ## Verification

        - All widgets are Ready.

        ## Do not

        - Do not delete the widget store.
        """

    /// The lanes of the steps whose text holds a word.
    static func lanes(of word: String, in plan: Plan) -> [Lane] {
        plan.steps.filter { $0.text.contains(word) }.map(\.lane)
    }

    static func plan(_ text: String) async throws -> Plan {
        try await PlanningRoom(["runbooks/a.md": text]).plan(Goal("widgets"))
    }

    @Test func `each step stands in the lane of what it does`() async throws {
        let plan = try await Self.plan(Self.page)
        #expect(Self.lanes(of: "List", in: plan) == [.readOnly])
        #expect(Self.lanes(of: "Delete the widgets", in: plan) == [.execute])
        #expect(Self.lanes(of: "Rehearse", in: plan) == [.dryRun])
        #expect(Self.lanes(of: "Apply", in: plan) == [.execute])
        #expect(plan.steps.map(\.number) == Array(1...5))
        #expect(plan.steps.map(\.lane) == plan.steps.map(\.lane).sorted())
        #expect(plan.steps.last?.isRollback == true)
        #expect(plan.exitCriteria.map(\.text) == ["All widgets are Ready."])
        #expect(plan.refusals.first?.text == "Do not delete the widget store.")
        #expect(plan.planner == "offline")
    }

    @Test func `prose that changes something is never read only`() async throws {
        for verb in [
            "destroy", "wipe", "truncate", "reset", "shut down", "modify", "clear", "switch off",
            "delete", "restart", "erase", "overwrite", "flush", "uninstall", "invalidate",
        ] {
            let plan = try await Self.plan(
                "# Widgets\n\n## Diagnosis\n\n1. Find the old widgets and \(verb) them.\n")
            #expect(!Self.lanes(of: verb, in: plan).contains(.readOnly), "\(verb)")
        }
    }

    @Test func `a reading command does not lower the lane of the prose around it`() async throws {
        for heading in ["Diagnosis", "When it hangs"] {
            let plan = try await Self.plan(
                """
                # Widgets

                ## \(heading)

                1. Restart the widget store, and see it come back in `kubectl get pods`.
                """)
            #expect(Self.lanes(of: "Restart", in: plan) == [.execute], "\(heading)")
        }
    }

    @Test func `what a page forbids never becomes a step`() async throws {
        let filler = String(repeating: "The widget store holds what no one else has. ", count: 30)
        let item = "- Delete the store: `kubectl delete widget store`.\n"
        for text in [
            "## Do not\n\n\(item)", "## Never\n\n\(item)", "## Don't\n\n\(item)",
            // The typographic apostrophe.
            "## Don\u{2019}t\n\n\(item)",
            // Headings below the one that forbids, in a passage of their own.
            "## Do not\n\n\(filler)\n\n### In production\n\n\(item)",
            // The other way of writing a heading.
            "Do not\n------\n\n\(item)",
            // A prohibition within a procedure.
            "## Apply\n\n1. Do not run `kubectl delete widget store` here.\n",
            "## Apply\n\n1. Never use `kubectl delete widget store` here.\n",
        ] {
            let plan = try await Self.plan("# Widgets\n\n\(text)")
            #expect(
                !plan.steps.contains { $0.commands.contains { $0.contains("delete") } }, "\(text)")
        }
    }

    @Test func `a command that reads otherwise in the shell does not enter phase 1`() async throws {
        let plan = try await Self.plan(
            """
            # Widgets

            ## Diagnosis

            1. Look at the widgets.

               ```bash
               kubectl get widgets # all of them \\
               kubectl delete widget x
               ```
            """)
        let low = plan.steps.filter { $0.lane < .execute }
        #expect(!low.contains { $0.commands.contains { $0.contains("delete") } })
    }

    @Test func `one plan has the steps of one procedure and names the others`() async throws {
        let room = try await PlanningRoom([
            "runbooks/a.md": Self.page,
            "runbooks/b.md": Self.page.replacing("outage", with: "loss")
                .replacing("deploy/w", with: "deploy/v"),
        ])
        let plan = try await room.plan(Goal("widget outage"))
        #expect(Set(plan.steps.map(\.citation.path)) == ["runbooks/a.md"])
        #expect(plan.related.map(\.citation.path) == ["runbooks/b.md"])
    }

    @Test func `an agent's definition gives no steps`() async throws {
        let room = try await PlanningRoom(["agents/widget.md": Self.page])
        #expect(try await room.plan(Goal("widget outage")).steps.isEmpty)
    }

    @Test func `facts, review dates and the policy are told`() async throws {
        let room = try await PlanningRoom(
            [
                "runbooks/a.md":
                    "---\nverified_at: 2026-01-01\nreview_by: 2026-11-19\n---\n" + Self.page
            ], facts: ["owner.widget": "platform"])
        let plan = try await room.plan(Goal("widget outage in prod", constraints: ["No downtime"]))
        #expect(plan.assumptions.contains { $0.text.contains("owner.widget is platform") })
        #expect(plan.assumptions.contains { $0.text.contains("past its review date") })
        #expect(plan.constraints.first?.text == "No downtime")
        #expect(plan.constraints.contains { $0.text.contains("blast radius") })
        #expect(plan.constraints.contains { $0.text.contains("500 USD") })
        #expect(plan.degraded.contains { $0.contains("none in tests") })
    }

    @Test func `a page that changed since it was indexed is told`() async throws {
        let room = try await PlanningRoom(["runbooks/a.md": Self.page])
        try room.folder.write(Self.page + "\nmore\n", to: "runbooks/a.md")
        let plan = try await room.plan(Goal("widget outage"))
        #expect(plan.assumptions.contains { $0.text.contains("has changed since") })
    }

    @Test func `equal contexts give equal plans`() async throws {
        let room = try await PlanningRoom(["runbooks/a.md": Self.page, "runbooks/b.md": Self.page])
        let first = try await room.plan(Goal("widget outage"))
        #expect(try await room.plan(Goal("widget outage")) == first)
    }
}
