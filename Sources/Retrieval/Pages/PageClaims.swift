internal import Foundation
internal import Store
internal import StrictJSON

/// What a page says of itself in its front matter, or what facts say of it where it is silent.
struct PageClaims: Sendable, Equatable {
    /// Who answers for it.
    var owner: String?
    /// When somebody last saw that it is right, as written.
    var verifiedAt: String?
    /// When somebody should look again, as written.
    var reviewBy: String?
    /// The page that took its place, as written: a path or a title.
    var supersededBy: String?
    /// What it is about, in lower case.
    var tags: Set<String> = []
    /// The day it was verified; nil where that is not told, or no day.
    let verifiedDay: Moment?
    /// The day that time filters judge it by: when it was verified, else updated or written.
    let day: Moment?

    /// The names under which pages say when they were last changed or written.
    private static let dates = ["updated", "updated_at", "date", "written_at"]

    /// Reads the claims of a page.
    ///
    /// - Parameters:
    ///   - frontMatter: a JSON object as the memory stores it.
    ///   - path: the page's path.
    ///   - facts: what facts say of pages.
    init(frontMatter: String, path: String, facts: PageFacts = PageFacts()) {
        let values = Self.values(frontMatter)
        func text(_ name: String) -> String? { values[name].flatMap(Self.text) }
        owner = text("owner") ?? facts["owner", path]
        verifiedAt = text("verified_at") ?? facts["verified_at", path]
        reviewBy = text("review_by") ?? facts["review_by", path]
        supersededBy = text("superseded_by")
        verifiedDay = verifiedAt.flatMap(Moment.init(dayAtStartOf:))
        day =
            verifiedDay
            ?? Self.dates.lazy.compactMap(text).compactMap(Moment.init(dayAtStartOf:)).first
        if let value = values["tags"] {
            let tags = value.array?.compactMap(\.string) ?? Self.text(value).map(Self.split) ?? []
            self.tags = Set(tags.map { $0.lowercased() })
        }
    }

    private static func values(_ frontMatter: String) -> [String: JSONValue] {
        // Most pages say nothing.
        guard frontMatter != "{}" else { return [:] }
        do throws(JSONError) {
            return try StrictJSON.parse(frontMatter.utf8).object ?? [:]
        } catch {
            return [:]
        }
    }

    /// A text that says something; several are put in one.
    private static func text(_ value: JSONValue) -> String? {
        let text = value.string ?? value.array?.compactMap(\.string).joined(separator: ", ")
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// `tags: a, b` is a list without brackets.
    private static func split(_ text: String) -> [String] {
        text.split { $0 == "," || $0.isWhitespace }.map(String.init)
    }
}

/// What facts say of pages: `owner.NAME`, `verified_at.NAME` and `review_by.NAME`, where NAME is a
/// page's path, or the name of its file without what stands behind the last dot.
struct PageFacts: Sendable {
    private var values: [String: String] = [:]

    private static let fields = ["owner", "verified_at", "review_by"]

    /// No fact says anything.
    init() {}

    /// The facts of a memory.
    ///
    /// - Parameters:
    ///   - reader: the memory.
    ///   - now: facts that have ended then are left out.
    ///   - last: facts that were set later are left out; nil takes all.
    /// - Throws: `StoreError`.
    init(_ reader: MemoryReader, now: Date, setBefore last: Date?) throws(StoreError) {
        for fact in try reader.facts(prefixes: Self.fields.map { $0 + "." }, now: now) {
            let time = last == nil ? nil : Moment(fact.updatedAt, now: now)
            if let last, let time, time.first > last { continue }
            values[fact.key] = fact.value
            if fact.key.hasPrefix("verified_at.") { tellDates = true }
        }
    }

    /// Whether no fact says anything.
    var isEmpty: Bool { values.isEmpty }

    /// Whether any fact says when a page was verified, which bears on its place among others.
    private(set) var tellDates = false

    subscript(field: String, path: String) -> String? {
        guard !values.isEmpty else { return nil }
        return values[field + "." + path] ?? values[field + "." + Self.stem(of: path)]
    }

    /// The name of a file without what stands behind the last dot.
    static func stem(of path: String) -> Substring {
        let name = path.split(separator: "/").last ?? path[...]
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
        return name[..<dot]
    }
}
