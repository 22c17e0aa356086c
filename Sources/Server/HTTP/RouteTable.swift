internal import HTTPTypes

/// Which methods are served at which path, so that another method is told apart from another path.
struct RouteTable: Sendable {
    private let routes: [(parts: [Substring], methods: [HTTPRequest.Method])]

    /// - Parameter routes: methods by path, with names in braces.
    init(_ routes: [String: [HTTPRequest.Method]]) {
        self.routes = routes.map { ($0.split(separator: "/"), $1) }
    }

    /// The methods that are served at a path; none where nothing is.
    func methods(at path: String) -> [HTTPRequest.Method] {
        let parts = path.split(separator: "/")
        return routes.first { route in
            route.parts.count == parts.count
                && zip(route.parts, parts).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }?.methods ?? []
    }
}
