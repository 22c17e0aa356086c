/// Documents, queries and the judgements of people on which document answers which query.
public struct EvaluationSet: Sendable, Equatable {
    /// A text that can be found.
    public struct Document: Sendable, Equatable {
        /// Its name in the judgements; search never sees it.
        public let id: String
        /// Its title; may be empty.
        public let title: String
        /// Its text, read as Markdown.
        public let text: String
    }

    /// A text to search for.
    public struct Query: Sendable, Equatable {
        /// Its name in reports.
        public let id: String
        /// What is asked.
        public let text: String
        /// What its author says it is; nil where that is not told.
        public let kind: String?
        /// Documents by their grade; at least one is above 0.
        public let grades: [String: Int]
    }

    /// The folder's name.
    public let name: String
    /// The texts to look in.
    public let documents: [Document]
    /// The queries that have a relevant document, in the order of the file.
    public let queries: [Query]
    /// What was odd and is left out of the figures, in sentences.
    public let notes: [String]
}
