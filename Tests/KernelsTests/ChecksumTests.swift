import Kernels
import TestSupport
import Testing

struct ChecksumTests {
    @Test func `known checksums come out`() {
        // RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
        for (bytes, checksum) in [
            ([], 0), (Array("123456789".utf8), 0xE306_9283),
            ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
            ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
            (Array(0..<32), 0x46DD_794E),
        ] as [([UInt8], UInt32)] {
            #expect(Checksum.crc32c(of: bytes) == checksum)
            #expect(Checksum.crc32c(of: bytes, isPlain: true) == checksum)
        }
    }

    @Test func `both ways agree, and every flipped bit is seen`() {
        var generator = SeededGenerator(seed: 71)
        for count in Array(0..<70) + [4096, 65_536 + 5] {
            var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let checksum = Checksum.crc32c(of: bytes)
            #expect(Checksum.crc32c(of: bytes, isPlain: true) == checksum)
            for byte in stride(from: 0, to: count, by: max(1, count / 50)) {
                bytes[byte] ^= 1 << UInt8(byte % 8)
                #expect(Checksum.crc32c(of: bytes) != checksum)
                bytes[byte] ^= 1 << UInt8(byte % 8)
            }
        }
    }
}
