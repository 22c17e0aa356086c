internal import Foundation
internal import Orchestration
internal import Store
internal import Synchronization

/// Counts what the service does, for `/metrics`.
///
/// - Source: Prometheus text exposition format 0.0.4; no package here writes it.
final class ServiceFigures: Sendable {
    fileprivate struct Route: Hashable {
        let route, method: String
        let status: Int
    }

    private struct Histogram {
        var buckets = Array(repeating: 0, count: ServiceFigures.bounds.count)
        var count = 0
        var seconds = 0.0
    }

    private struct State {
        var requests: [Route: Int] = [:]
        var durations: [String: Histogram] = [:]
        var atWork = 0
    }

    private static let bounds = [0.005, 0.025, 0.1, 0.25, 1, 2.5, 10]
    private let state = Mutex(State())

    /// Notes that a request came in.
    func begin() {
        state.withLock { $0.atWork += 1 }
    }

    /// Notes how a request ended; `route` is a template, never what a client wrote.
    func end(route: String, method: String, status: Int, duration: Duration) {
        let seconds = duration / .seconds(1)
        state.withLock { state in
            state.atWork -= 1
            state.requests[Route(route: route, method: method, status: status), default: 0] += 1
            var histogram = state.durations[route] ?? Histogram()
            histogram.count += 1
            histogram.seconds += seconds
            for (index, bound) in Self.bounds.enumerated() where seconds <= bound {
                histogram.buckets[index] += 1
            }
            state.durations[route] = histogram
        }
    }

    /// The page, with the memory's own figures where there is a memory.
    func page(memory: MemoryFigures?, version: String) -> String {
        let state = state.withLock { $0 }
        var page = Page()
        page.family("conductor_build_info", "gauge", "The program's version.")
        page.sample("conductor_build_info", ["version": version], 1)
        page.family("conductor_http_requests_total", "counter", "Requests by how they ended.")
        for (route, count) in state.requests.sorted(by: { $0.key.order < $1.key.order }) {
            page.sample(
                "conductor_http_requests_total",
                ["route": route.route, "method": route.method, "status": "\(route.status)"], count)
        }
        let name = "conductor_http_request_duration_seconds"
        page.family(name, "histogram", "How long requests took.")
        for (route, histogram) in state.durations.sorted(by: { $0.key < $1.key }) {
            for (bound, count) in zip(Self.bounds, histogram.buckets) {
                page.sample(name + "_bucket", ["route": route, "le": "\(bound)"], count)
            }
            page.sample(name + "_bucket", ["route": route, "le": "+Inf"], histogram.count)
            page.sample(name + "_sum", ["route": route], histogram.seconds)
            page.sample(name + "_count", ["route": route], histogram.count)
        }
        page.family("conductor_http_requests_at_work", "gauge", "Requests that are being served.")
        page.sample("conductor_http_requests_at_work", [:], state.atWork)
        if let memory { page.add(memory) }
        if let bytes = Self.residentBytes {
            page.family("process_resident_memory_bytes", "gauge", "Resident memory.")
            page.sample("process_resident_memory_bytes", [:], bytes)
        }
        return page.text
    }

    /// The second field of /proc/self/statm, in pages; nil where there is no such file.
    private static var residentBytes: Int? {
        guard let bytes = FileManager.default.contents(atPath: "/proc/self/statm") else {
            return nil
        }
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        return fields.count > 1 ? Int(fields[1]).map { $0 * 4096 } : nil
    }

    /// The lines of the exposition.
    private struct Page {
        var text = ""

        mutating func family(_ name: String, _ type: String, _ help: String) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        }

        mutating func sample(_ name: String, _ labels: [String: String], _ value: some Numeric) {
            let pairs = labels.sorted { $0.key < $1.key }.map { name, value in
                let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                    .replacing("\n", with: "\\n")
                return "\(name)=\"\(escaped)\""
            }
            text +=
                name + (pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}") + " \(value)\n"
        }

        mutating func add(_ memory: MemoryFigures) {
            for (name, help, value) in [
                ("generation", "Rises with every change of a document.", memory.generation),
                ("documents", "Documents of the memory.", memory.documents),
                ("passages", "Passages of the memory.", memory.chunks),
                ("passages_embedded", "Passages with a vector.", memory.embedded),
                ("facts", "Facts of the memory.", memory.facts),
            ] {
                family("conductor_memory_\(name)", "gauge", help)
                sample("conductor_memory_\(name)", [:], value)
            }
        }
    }
}

extension ServiceFigures.Route {
    fileprivate var order: String { "\(route) \(method) \(status)" }
}
