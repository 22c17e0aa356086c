/// Who is asked to plan.
public enum PlannerChoice: Sendable, Equatable {
    /// No model.
    case offline
    /// The definition's first planner, then its second.
    case primary
    /// The definition's second planner.
    case secondary
    /// A model by its name: `claude:latest`, `ollama:llama3.1`.
    case model(String)

    /// Reads `offline`, `primary`, `secondary` or a model's name.
    public init(_ text: String) {
        switch text {
        case "offline": self = .offline
        case "primary": self = .primary
        case "secondary": self = .secondary
        default: self = .model(text)
        }
    }

    /// The models to ask in order, with the part each plays.
    func models(of definition: AgentDefinition) -> [(role: String, name: String?)] {
        let primary = (role: "primary", name: definition.primaryPlanner)
        let secondary = (role: "secondary", name: definition.secondaryPlanner)
        switch self {
        case .offline: return []
        case .primary: return [primary, secondary]
        case .secondary: return [secondary]
        case .model(let name): return [("named", name)]
        }
    }
}
