/// What kind of text a query is; each is searched in its own way.
public enum QueryShape: String, Sendable, Codable, CaseIterable {
    /// Words in sentences.
    case prose
    /// One name.
    case identifier
    /// An alert as Alertmanager sends it, in JSON.
    case alert
    /// An expression over metrics.
    case promql
    /// What a program wrote of one event.
    case logLine = "log_line"
    /// The calls that led to an exception.
    case stackTrace = "stack_trace"
    /// Something typed into a shell.
    case command
    /// A number or name that a system gives to a kind of failure.
    case errorCode = "error_code"
}
