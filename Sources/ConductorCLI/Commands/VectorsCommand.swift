import ArgumentParser

struct VectorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vectors", abstract: "Vector indexes and files: build, search, convert.",
        discussion: """
            Reads .npy (float32, float16), .fvecs, and FAISS files (IndexFlatIP, IndexFlatL2, \
            IndexIVFFlat, IndexScalarQuantizer, IndexHNSWFlat, and IndexIDMap or IndexIDMap2 over \
            them); the first bytes tell which. No memory is needed or touched. An index is a folder \
            with rows, 4-bit codes and a graph.
            """,
        subcommands: [Build.self, Search.self, Info.self, Import.self, Export.self])
}
