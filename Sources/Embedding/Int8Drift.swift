internal import Foundation
internal import Kernels
internal import StrictJSON

/// How far a model's int8 vectors are from its f32 ones, and the choice that follows.
///
/// The drift is measured once for a model's files and noted beside them. Int8 products are exact
/// and f32 sums go in a fixed order, so that every processor with vector kernels measures the same.
enum Int8Drift {
    /// The least cosine, over the probes, at which int8 is taken.
    static let bound: Float = 0.998

    /// Changes whenever equal files would measure otherwise.
    private static let scheme = "int8 drift/3 groups of 64 and 128"
    private static let noteName = "int8-drift.json"

    /// Texts as they are searched and indexed, short and odd ones among them.
    private static let probes = [
        "pods stuck in CrashLoopBackOff",
        "a",
        "",
        // One word again and again is what drifts farthest: nothing in it averages out.
        String(repeating: "word ", count: 400),
        String(repeating: "error ", count: 300),
        String(repeating: "0", count: 90) + " " + String(repeating: "-", count: 90),
        "kube\u{AD}let \u{FEFF}\u{200B} ÅÄÖ 🙂 ½ [MASK]",
        "How do I rotate the payment keys?",
        "ERROR: connection to 10.0.0.12:5432 refused (errno 111)",
        "kubectl -n payments rollout undo deployment/api --to-revision=3",
        "Die Festplatte ist voll; löschen Sie alte Protokolle.",
        "ディスクの空き容量が不足しています",
        "https://status.example.com/incidents/4711?tab=timeline#update-2",
        """
        When the write-ahead log fills the volume the database stops accepting writes. Check which \
        replication slot holds it back, drop the slot if its consumer is gone, and only then add \
        disk. Never delete files from the log's folder by hand.
        """,
        """
        The on-call engineer acknowledges the page within five minutes, opens an incident channel, \
        and states the customer impact in one sentence. Roll back the last deployment first if it \
        is less than an hour old; look for the cause afterwards.
        """,
    ]

    private struct Note: Codable {
        let measured: String
        let leastCosine: Float

        enum CodingKeys: String, CodingKey {
            case measured
            case leastCosine = "least_cosine"
        }
    }

    /// The encoder of the precision that was asked for, or else of int8 where its drift allows it.
    ///
    /// - Throws: what `make` throws, and `EmbeddingError` of the files.
    static func encoder(
        _ wanted: Precision?, folder: String, limit: Int, tokenizer: WordPieceTokenizer,
        make: (Precision) throws(EmbeddingError) -> TransformerEncoder
    ) throws(EmbeddingError) -> (encoder: TransformerEncoder, precision: Precision) {
        if let wanted { return (try make(wanted), wanted) }
        let subject = try ModelFolder.fingerprint(
            of: folder, files: TransformerEmbedder.files,
            version: ([scheme, "window \(limit)"] + probes).joined(separator: "\n")
        ).rawValue
        if let note = note(in: folder), note.measured == subject {
            let precision: Precision = note.leastCosine >= bound ? .int8 : .single
            return (try make(precision), precision)
        }
        let (exact, quick) = (try make(.single), try make(.int8))
        let texts = probes.map { text in
            [tokenizer.first] + tokenizer.pieces(of: text).prefix(limit - 2) + [tokenizer.last]
        }
        let least = leastCosine(exact.meanStates(of: texts), quick.meanStates(of: texts))
        write(Note(measured: subject, leastCosine: least), to: folder)
        return least >= bound ? (quick, .int8) : (exact, .single)
    }

    private static func leastCosine(_ first: FloatRows, _ second: FloatRows) -> Float {
        var (first, second) = (first, second)
        first.normalize()
        second.normalize()
        return (0..<first.count).map { row in
            let cosine = zip(first[row], second[row]).reduce(0) { $0 + $1.0 * $1.1 }
            return cosine.isFinite ? cosine : -1
        }.min() ?? 0
    }

    private static func note(in folder: String) -> Note? {
        guard let data = FileManager.default.contents(atPath: folder + "/" + noteName) else {
            return nil
        }
        do {
            return try StrictJSON.decode(Note.self, from: data)
        } catch {
            // A damaged note is no note: the drift is measured again.
            return nil
        }
    }

    private static func write(_ note: Note, to folder: String) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            try encoder.encode(note).write(
                to: URL(filePath: folder + "/" + noteName), options: .atomic)
        } catch {
            // Where the folder cannot be written the drift is measured at each opening.
        }
    }
}
