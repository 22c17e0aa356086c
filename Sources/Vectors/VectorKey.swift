internal import Kernels

/// What names a row in an index: unique there, and what orders rows of equal score.
public protocol IndexKey: Hashable, Comparable, Sendable {
    /// The error that names this key where it is there already, or twice.
    var duplicateError: IndexError { get }
    /// What an index file calls keys of this kind.
    static var storedKind: UInt32 { get }
    /// Some keys as a file holds them.
    static func storedBytes(of keys: [Self]) -> [UInt8]
    /// The keys that a file holds; nil where the bytes are not `count` keys to the last byte.
    static func keys(from bytes: [UInt8], count: Int) -> [Self]?
}

/// The name of a row; chosen by the caller, unique in an index.
public struct VectorKey: RawRepresentable, IndexKey {
    /// Any 64 bits.
    public let rawValue: UInt64

    /// A key.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The lesser number goes first.
    public static func < (left: VectorKey, right: VectorKey) -> Bool {
        left.rawValue < right.rawValue
    }

    /// `.duplicateKey`.
    public var duplicateError: IndexError { .duplicateKey(self) }

    /// Little-endian integers, one after the other.
    public static var storedKind: UInt32 { 1 }

    /// 8 bytes a key.
    public static func storedBytes(of keys: [VectorKey]) -> [UInt8] {
        keys.map(\.rawValue).littleEndianBytes
    }

    /// Nil where the bytes are not 8 a key.
    public static func keys(from bytes: [UInt8], count: Int) -> [VectorKey]? {
        guard count >= 0, bytes.count / 8 == count, bytes.count % 8 == 0 else { return nil }
        return StoredBytes.memory(bytes).integers(at: 0, count: count).map(VectorKey.init)
    }
}

/// The name of a row in words; equal only where its UTF-8 is equal byte for byte.
public struct VectorName: RawRepresentable, IndexKey {
    /// Any text.
    public let rawValue: String

    /// A name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Names that look alike but are spelt otherwise differ.
    public static func == (left: VectorName, right: VectorName) -> Bool {
        left.rawValue.utf8.elementsEqual(right.rawValue.utf8)
    }

    /// The lesser bytes go first.
    public static func < (left: VectorName, right: VectorName) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }

    /// Feeds the bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in rawValue.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0xFF))
    }

    /// `.duplicateName`.
    public var duplicateError: IndexError { .duplicateName(self) }

    /// UTF-8 texts, each after its length in bytes as a little-endian 32-bit integer.
    public static var storedKind: UInt32 { 2 }

    /// 4 bytes and its UTF-8 a name.
    public static func storedBytes(of keys: [VectorName]) -> [UInt8] {
        var bytes: [UInt8] = []
        for key in keys {
            let text = Array(key.rawValue.utf8)
            bytes += [UInt32(text.count)].littleEndianBytes
            bytes += text
        }
        return bytes
    }

    /// Nil where lengths and bytes do not fit, or a text is not UTF-8.
    public static func keys(from bytes: [UInt8], count: Int) -> [VectorName]? {
        var names: [VectorName] = []
        let stored = StoredBytes.memory(bytes)
        var offset = 0
        while names.count < count {
            guard bytes.count - offset >= 4 else { return nil }
            let length = Int(stored.integer(at: offset, as: UInt32.self))
            offset += 4
            guard length <= bytes.count - offset,
                let text = String(validating: bytes[offset..<offset + length], as: UTF8.self)
            else { return nil }
            names.append(VectorName(rawValue: text))
            offset += length
        }
        return offset == bytes.count ? names : nil
    }
}
