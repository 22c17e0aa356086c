import Retrieval

/// A search reply as text for people.
struct SearchPage {
    private let reply: SearchReply

    init(_ reply: SearchReply) {
        self.reply = reply
    }

    func print() {
        for sentence in reply.degraded { Console.note("degraded: \(sentence)") }
        if let name = reply.rerankedBy { Console.note("in the order of \(Console.safe(name))") }
        if let route = reply.route { note(route) }
        for hit in reply.hits { print(hit) }
        if reply.hits.isEmpty { Console.note("conductor: nothing matches") }
    }

    private func note(_ route: SearchRoute) {
        let weights = route.weights.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\($0.rawValue) \(Self.rounded($1))" }.joined(separator: ", ")
        let query = route.query
        Console.note("searched as \(query.shape.rawValue); weights: \(weights)")
        Console.note("    words: \(Console.safe(query.terms.joined(separator: ", ")))")
        if !query.names.isEmpty {
            Console.note("    names: \(Console.safe(query.names.joined(separator: ", ")))")
        }
        Console.note("    sense: \(Console.safe(query.sense))")
    }

    private func print(_ hit: Hit) {
        var marks = hit.isStale ? " [changed since it was indexed]" : ""
        if hit.freshness == .reviewDue { marks += " [review overdue]" }
        if hit.freshness == .superseded {
            marks +=
                hit.supersededBy.map { " [superseded by \(Console.safe($0))]" }
                ?? " [superseded]"
        }
        if let older = hit.supersedes {
            marks += " [supersedes \(Console.safe(older.joined(separator: ", ")))]"
        }
        if hit.trust == .external || hit.trust == .note { marks += " [\(hit.trust.rawValue)]" }
        let place = "\(Console.safe(hit.path)):\(hit.startLine)-\(hit.endLine)"
        Console.print("\(Console.bold(place))  \(Console.safe(hit.breadcrumb))\(marks)")
        for line in hit.snippet.split(separator: "\n") {
            Console.print("    " + Console.safe("\(line)"))
        }
        for place in hit.alsoAt ?? [] { print(place, as: "also at") }
        for place in hit.neighbours ?? [] {
            print(place, as: place.endLine <= hit.startLine ? "before" : "behind")
        }
        if let channels = hit.channels {
            let parts = channels.sorted { $0.key < $1.key }.map { name, score in
                "\(name) #\(score.rank) (\(Self.rounded(score.score)))"
            }
            let age = hit.ageFactor.map { "; × \(Self.rounded($0)) for its age" } ?? ""
            let moved = hit.searchRank.map { "; #\($0) of the search" } ?? ""
            Console.print(
                "    score \(Self.rounded(hit.score)): \(parts.joined(separator: ", "))\(age)\(moved)"
            )
        }
        Console.print("\n")
    }

    private func print(_ place: PassagePlace, as role: String) {
        let lines = "\(place.startLine)-\(place.endLine)"
        Console.print(
            "    \(role) \(Console.safe(place.path)):\(lines)  \(Console.safe(place.breadcrumb))")
    }

    private static func rounded(_ score: Double) -> String {
        "\((score * 10_000).rounded() / 10_000)"
    }
}
