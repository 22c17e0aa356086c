import Foundation
import Kernels
import Vectors

/// What an index in a folder costs to open and to change. Times are those that pass, the disk's too.
extension IndexServer {
    mutating func open(_ request: Request) throws -> Reply {
        guard let folder = request.base, let queryFile = request.queries else {
            throw Misuse(description: "open wants base and queries")
        }
        let before = try ProcessMemory.now()
        let start = ContinuousClock.now
        let opened = try IndexFile<VectorKey>(opening: folder)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        file = opened
        let reply = try Reply(
            rows: opened.index.count, dimension: opened.index.dimension, seconds: seconds,
            fileBytes: opened.byteCount, memory: ProcessMemory.now().since(before))
        try take(opened.index, queryFile)
        return reply
    }

    /// One search, as the first after opening is: what it touches comes from the disk.
    func searchOnce(_ request: Request) throws -> Reply {
        let before = try ProcessMemory.now()
        let start = ContinuousClock.now
        let found = try index.search(queries[request.first ?? 0], limit: request.limit ?? 10)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return try Reply(
            ids: [found.map(\.key.rawValue)], seconds: seconds,
            memory: ProcessMemory.now().since(before))
    }

    /// Puts a query in place of the row under a key and saves.
    mutating func upsert(_ request: Request) throws -> Reply {
        guard var changed = file, let key = request.key else {
            throw Misuse(description: "upsert wants a key, and an index that was opened")
        }
        let row = FloatRows(dimension: index.dimension, values: queries[request.first ?? 0])
        let before = try ProcessMemory.now()
        let start = ContinuousClock.now
        try index.upsert(row, keys: [VectorKey(rawValue: key)])
        let written = try changed.save(index, note: changed.note)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        file = changed
        index = changed.index
        return try Reply(
            seconds: seconds, writtenBytes: written, memory: ProcessMemory.now().since(before))
    }
}

/// What the system counts of this process.
struct ProcessMemory: Encodable {
    /// Bytes that came from a disk, through mapped files too.
    var readBytes: Int
    /// The most memory at once, mapped files included.
    let peakKilobytes: Int
    /// Memory that is no file's.
    let privateKilobytes: Int
    /// Pages of mapped files, those of the program too.
    let mappedKilobytes: Int

    static func now() throws -> ProcessMemory {
        let status = try fields("/proc/self/status")
        return ProcessMemory(
            readBytes: try fields("/proc/self/io")["read_bytes"] ?? 0,
            peakKilobytes: status["VmHWM"] ?? 0, privateKilobytes: status["RssAnon"] ?? 0,
            mappedKilobytes: status["RssFile"] ?? 0)
    }

    /// The same with the bytes read since `earlier`.
    func since(_ earlier: ProcessMemory) -> ProcessMemory {
        var later = self
        later.readBytes -= earlier.readBytes
        return later
    }

    private static func fields(_ path: String) throws -> [String: Int] {
        let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        var fields: [String: Int] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split { $0 == ":" || $0 == " " || $0 == "\t" }
            if words.count > 1, let number = Int(words[1]) { fields[String(words[0])] = number }
        }
        return fields
    }
}
