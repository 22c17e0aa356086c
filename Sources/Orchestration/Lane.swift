/// How much a step may change: a ceiling, never a permission.
public enum Lane: String, Sendable, Codable, CaseIterable, Comparable {
    /// Looks, and changes nothing.
    case readOnly = "read_only"
    /// Prepares and tests, without changing production.
    case dryRun = "dry_run"
    /// Changes things; needs approval.
    case execute

    /// The number of the plan's phase, from 1.
    public var phase: Int {
        switch self {
        case .readOnly: 1
        case .dryRun: 2
        case .execute: 3
        }
    }

    /// Lanes that may change less come first.
    public static func < (left: Lane, right: Lane) -> Bool {
        left.phase < right.phase
    }
}
