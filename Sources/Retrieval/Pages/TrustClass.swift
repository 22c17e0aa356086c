internal import Documents

/// How far what a passage says may be relied on, by where it comes from.
///
/// The memory tells it by the passage's place, never by what the passage says of itself.
public enum TrustClass: String, Sendable, Codable, CaseIterable {
    /// A procedure of the repository: a runbook or a playbook.
    case runbook
    /// Any other file of the repository.
    case page
    /// What this program wrote after a run.
    case retro
    /// A line of the timeline, which anybody may append to.
    case event
    /// What an agent asked to be remembered.
    case note
    /// A file outside the root.
    case external

    /// The class of a document.
    ///
    /// - Parameters:
    ///   - path: as the memory names it.
    ///   - kind: its role.
    ///   - memory: the memory's own folder, as the memory names it.
    init(path: String, kind: String, memory: String) {
        let isOwn = memory != "." && RootedPaths.isWithin(path, memory)
        switch DocumentKind(rawValue: kind) {
        case .event: self = .event
        case _ where !isOwn && path.hasPrefix("/"): self = .external
        case .retrospective where isOwn: self = .retro
        case _ where isOwn: self = .note
        case .runbook, .playbook: self = .runbook
        default: self = .page
        }
    }
}
