import CThreadOrder
import Foundation

/// `index-churn [SECONDS [ROWS]]`: one thread changes an index with a graph that was opened from a file
/// while two others search it; then the graph is held against one that is made anew of the same rows.
///
/// Ends with 1 where a search broke its word, or the changed graph finds less. scripts/tsan.sh runs it
/// under ThreadSanitizer.
@main
enum IndexChurn {
    /// The recall that may be lost.
    private static let tolerance = 0.005

    static func main() throws {
        let numbers = CommandLine.arguments.dropFirst().map(Int.init)
        guard numbers.count <= 2, numbers.allSatisfy({ $0 ?? 0 > 0 }) else {
            FileHandle.standardError.write(Data("usage: index-churn [SECONDS [ROWS]]\n".utf8))
            exit(2)
        }
        let seconds = (numbers.first ?? nil) ?? 60
        let rowCount = numbers.count > 1 ? numbers[1] ?? 0 : 4000
        thread_order_tell()
        let churn = try Churn(rowCount: rowCount)
        let report = try churn.run(for: .seconds(seconds))
        print(report)
        exit(report.isSound && report.changed >= report.fresh - tolerance ? 0 : 1)
    }
}

/// What a run found.
struct ChurnReport: CustomStringConvertible {
    var rowCount = 0, depth = 0, seconds = 0.0
    var removed = 0, replaced = 0, added = 0
    var searches = 0
    /// Searches that returned too few rows, rows that are not there, or a wrong score.
    var broken = 0
    /// What stopped a thread.
    var failures: [String] = []
    /// recall@10 of searches while the index changed, of the index at the end, and of one made anew.
    var during = 0.0, changed = 0.0, fresh = 0.0

    var isSound: Bool { broken == 0 && failures.isEmpty && searches > 0 && removed > 0 }

    var description: String {
        let recalls = [during, changed, fresh].map { String(format: "%.4f", $0) }
        let lines = [
            "rows       \(rowCount), searched \(depth) deep, changed for \(String(format: "%.1f", seconds)) s",
            "changes    \(removed) removed, \(added) added, \(replaced) replaced",
            "searches   \(searches), of which \(broken) broke their word",
            "recall@10  \(recalls[0]) meanwhile, \(recalls[1]) afterwards, \(recalls[2]) made anew",
        ]
        return (lines + failures.map { "failed     \($0)" }).joined(separator: "\n")
    }
}
