internal import Documents
internal import Foundation
internal import Store

/// A memory that holds nothing but the documents of a set.
enum EvaluationMemory {
    /// Cuts, stores and embeds the documents of a set, as files are.
    ///
    /// - Returns: what keeps the memory open, the document of each passage, and what fell short.
    /// - Throws: `StoreError`, and what the embedder throws.
    static func build(
        _ set: EvaluationSet, at memory: MemoryPaths, embedder: EmbedderAvailability, now: Date,
        progress: @Sendable (IndexProgress) -> Void
    ) async throws -> Library {
        let library = try Library(memory, embedder: embedder)
        let documents = set.documents.enumerated().map { document($1, number: $0) }
        _ = try await library.take(
            documents, collection: "set", now: now, progress: progress)
        return library
    }

    /// A document as a file would have given it.
    ///
    /// Its path says nothing of what it is: names in a set often are the answer.
    private static func document(_ document: EvaluationSet.Document, number: Int) -> Document {
        let isBlank = document.text.allSatisfy(\.isWhitespace)
        let text = (isBlank ? document.title : document.text).replacing("\0", with: "\u{FFFD}")
        let title = document.title.isEmpty ? nil : document.title
        return Document(Array(text.utf8), path: path(number), title: title)
    }

    /// The stored path of a set's document.
    static func path(_ number: Int) -> String { "\(number).md" }
}
