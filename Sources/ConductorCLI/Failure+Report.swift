import Foundation
import Orchestration

extension Failure {
    /// Prints the failure, as one line or as JSON, and ends.
    func report(asJSON: Bool) -> Never {
        if asJSON {
            do {
                try Console.print(json: json)
            } catch {
                Console.note(message)
            }
        } else {
            Console.note("conductor: \(message). Next: \(next)")
        }
        exit(exitCode.rawValue)
    }
}
