/// What names a row in an index: unique there, and what orders rows of equal score.
public protocol IndexKey: Hashable, Comparable, Sendable {
    /// The error that names this key where it is there already, or twice.
    var duplicateError: IndexError { get }
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
}
