internal import Crypto
internal import Foundation
internal import Kernels

/// What the embedders share in opening a model's folder.
enum ModelFolder {
    /// Maps a file of a model.
    ///
    /// - Throws: `.modelMissing`, `.unreadable`.
    static func map(_ path: String) throws(EmbeddingError) -> MappedFile {
        do {
            return try MappedFile(path: path)
        } catch .system(_, ENOENT) {
            throw .modelMissing(path: path)
        } catch {
            throw .unreadable(path: path, error)
        }
    }

    /// The space of a model: the folder's name and what `variant` adds to it, and a digest over the digests of `files` and over
    /// `version`, which names all that the files do not say.
    ///
    /// - Throws: `.modelMissing`, `.unreadable`.
    /// - Complexity: O(bytes of the files), or O(files) where `SHA256SUMS` is newer than they are.
    static func fingerprint(
        of folder: String, variant: String = "", files: [String], version: String
    ) throws(EmbeddingError) -> EmbedderFingerprint {
        let recorded = recordedDigests(in: folder)
        var digests: [String] = []
        for file in files {
            if let digest = recorded[file] {
                digests.append(digest)
            } else {
                digests.append(digest(of: try map(folder + "/" + file)))
            }
        }
        let space = SHA256.hash(data: Data((digests + [version]).joined(separator: "\n").utf8))
        let name = URL(filePath: folder).lastPathComponent
        return EmbedderFingerprint(rawValue: "\(name)\(variant):\(hexadecimal(space.prefix(8)))")
    }

    private static func digest(of file: MappedFile) -> String {
        var hash = SHA256()
        for start in stride(from: 0, to: file.byteCount, by: 1 << 20) {
            hash.update(data: file.bytes(start..<min(start + 1 << 20, file.byteCount)))
        }
        return hexadecimal(hash.finalize())
    }

    /// The digests that the set-up verified, where they are newer than the files they speak of.
    private static func recordedDigests(in folder: String) -> [String: String] {
        guard let recorded = times(folder + "/SHA256SUMS"),
            let data = FileManager.default.contents(atPath: folder + "/SHA256SUMS")
        else { return [:] }
        var digests: [String: String] = [:]
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count == 2, fields[0].count == 64,
                let changed = times(folder + "/" + fields[1]),
                changed.content <= recorded.content, changed.inode <= recorded.inode
            else { continue }
            digests[String(fields[1])] = String(fields[0])
        }
        return digests
    }

    /// When a file's content and its inode changed last; nil for a file that cannot be asked.
    ///
    /// A file that is moved into place keeps the first time, but not the second. Opening a file that
    /// cannot be asked says why.
    private static func times(_ path: String) -> (content: Int, inode: Int)? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        func nanoseconds(_ time: timespec) -> Int { time.tv_sec * 1_000_000_000 + time.tv_nsec }
        return (nanoseconds(status.st_mtim), nanoseconds(status.st_ctim))
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String(format: "%02x", $0) }.joined()
    }
}
