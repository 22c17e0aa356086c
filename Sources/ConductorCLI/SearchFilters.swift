public import ArgumentParser
import Foundation
public import Retrieval

/// Where to search: what does not pass is never counted among the hits.
struct SearchFilters: ParsableArguments {
    @Option(help: "A group to look in; may be repeated.")
    var collection: [String] = []
    @Option(help: "A shell pattern that paths must match: 'runbooks/**'.")
    var path: String?
    @Option(
        help: "runbook, playbook, readme, agent, retrospective, note, event, document or text.")
    var kind: String?
    @Option(help: "A tag that a page's front matter must have; may be repeated, all must be there.")
    var tag: [String] = []
    @Option(
        help: ArgumentHelp(
            "Pages and events of this time or later: 2026-10-06, an ISO 8601 time, or an age: 7d.",
            discussion: """
                A page's time is its front matter's verified_at, else updated, date or written_at. \
                A page that says none of them passes neither --since nor --until.
                """))
    var since: Moment?
    @Option(help: "Pages and events of this time or earlier.")
    var until: Moment?
    @Option(
        help: """
            Judge freshness by this day, and hide pages, events and facts that are dated later; \
            pages without a date stay.
            """)
    var asOf: Moment?

    func validate() throws {
        if let since, let until, since.first > until.last {
            throw ValidationError("--since lies behind --until.")
        }
    }

    func apply(to request: inout SearchRequest) {
        request.collections = collection
        request.pathPattern = path
        request.kind = kind
        request.tags = tag
        (request.since, request.until, request.asOf) = (since, until, asOf)
    }
}

extension Moment: ExpressibleByArgument {
    /// Reads a time; an age is counted back from now.
    public init?(argument: String) {
        self.init(argument, now: .now)
    }
}
