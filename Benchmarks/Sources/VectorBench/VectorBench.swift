import Foundation

/// `vector-bench kernels [DIMENSION]` prints what the kernels reach; `vector-bench serve` holds an
/// index and answers vectors.py, a line for a line.
@main
enum VectorBench {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, arguments.count) {
        case ("kernels", 1): try print(KernelReport(dimension: 256))
        case ("kernels", 2):
            guard let text = arguments.last, let dimension = Int(text), dimension > 0,
                dimension % 64 == 0, dimension <= 4096
            else { return usage() }
            try print(KernelReport(dimension: dimension))
        case ("serve", 1):
            var server = IndexServer()
            try server.run()
        default: usage()
        }
    }

    static func print(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try FileHandle.standardOutput.write(contentsOf: encoder.encode(value) + Data([10]))
    }

    private static func usage() {
        FileHandle.standardError.write(
            Data("usage: vector-bench kernels [DIMENSION, a multiple of 64] | serve\n".utf8))
        exit(2)
    }
}
