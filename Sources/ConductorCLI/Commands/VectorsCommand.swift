import ArgumentParser

struct VectorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vectors", abstract: "Files of vectors: search them, describe, convert.",
        discussion: """
            Reads .npy (float32, float16), .fvecs, and FAISS files (IndexFlatIP, IndexFlatL2, and \
            IndexIDMap or IndexIDMap2 over them); the first bytes tell which. No memory is needed \
            or touched.

            Indexes in folders of their own and graphs are not there yet: a search reads its file \
            anew every time, and is exact.
            """,
        subcommands: [Search.self, Info.self, Export.self])
}
