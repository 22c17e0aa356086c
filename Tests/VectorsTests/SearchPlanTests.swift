import Testing
import Vectors

struct SearchPlanTests {
    private let costs = SearchCosts(dimension: 256)
    private let reach = SearchPlan.Reach(depth: 100, estimates: 2600)

    private func plan(
        _ slots: Int, matches: Int? = nil, isCoded: Bool = true, batch: Int = 1,
        reach: SearchPlan.Reach?, _ wanted: SearchMethod = .automatic
    ) -> SearchPlan {
        SearchPlan(
            SearchPlan.Situation(
                slots: slots, matches: matches ?? slots, isCoded: isCoded, batch: batch,
                reach: reach),
            costs: costs, wanted: wanted)
    }

    @Test func `few rows are scored, more are coded, many have a graph`() {
        #expect(plan(2000, isCoded: false, reach: nil).method == .floats)
        #expect(plan(20_000, reach: nil).method == .codes)
        #expect(plan(10_000, reach: reach).method == .codes)
        #expect(plan(1_000_000, reach: reach).method == .graph(depth: 100, estimates: 1_000_000))
    }

    @Test func `a filter that few rows pass is searched exactly`() {
        let shares = [0.001, 0.01, 0.1, 0.5]
        let methods = shares.map { share in
            plan(200_000, matches: Int(share * 200_000), reach: reach).method
        }
        #expect(methods[0] == .codes && methods[1] == .codes && methods[2] == .codes)
        #expect(methods[3] == .graph(depth: 200, estimates: 100_000))
    }

    @Test func `the graph is taken only where it should be clearly faster, and names its share`() {
        for slots in [1000, 10_000, 100_000, 1_000_000, 10_000_000] {
            for share in [0.0001, 0.001, 0.01, 0.1, 0.3, 0.5, 0.9, 1] {
                let matches = Int(Double(slots) * share)
                let plan = plan(slots, matches: matches, reach: reach)
                guard case .graph(let depth, let estimates) = plan.method else { continue }
                #expect((plan.graphCost ?? .infinity) * 2 < plan.exactCost)
                #expect(estimates == matches && depth <= slots)
                #expect(Double(depth) >= 100 / share * 0.999)
            }
        }
    }

    @Test func `a batch makes codes cheaper, and what is named is done`() {
        let alone = plan(1_000_000, reach: nil)
        #expect(plan(1_000_000, batch: 32, reach: nil).exactCost < alone.exactCost)
        #expect(plan(1_000_000, reach: reach, .exact).method == .codes)
        #expect(plan(1000, reach: reach, .graph).method == .graph(depth: 100, estimates: .max))
        #expect(plan(1000, reach: nil, .graph).method == .codes)
        #expect(plan(1000, matches: 0, reach: reach, .graph).method == .codes)
    }
}
