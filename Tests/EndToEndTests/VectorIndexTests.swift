import Foundation
import TestSupport
import Testing

/// Indexes in folders: `vectors build`, `import`, `search`, `info` and `export`, held against FAISS.
@Suite(.enabled(if: SharedData.python != nil, "make test installs faiss-cpu and numpy"))
struct VectorIndexTests {
    let room: VectorRoom

    init() throws { room = try VectorRoom() }

    private func python(_ script: String) async throws { try await room.python(script) }

    private func vectors(_ line: String, status: Int32 = 0) async throws -> BuiltBinary.Result {
        let reply = try await room.vectors(line)
        #expect(reply.status == status, "\(line): \(reply.output) \(reply.errors)")
        return reply
    }

    @Test func `an index in a folder answers as its file does`() async throws {
        try await python(
            """
            random = numpy.random.default_rng(3)
            numpy.save("base.npy", random.integers(-8, 9, (6000, 40)).astype("<f4"))
            numpy.save("queries.npy", random.integers(-8, 9, (90, 40)).astype("<f4"))
            """)
        let built = try await vectors("build base.npy -o index --json").json()
        #expect(built["count"] as? Int == 6000 && built["dimension"] as? Int == 40)
        _ = try await vectors("search base.npy --queries queries.npy --out base-ids.npy")
        for options in ["", "--batch 32", "--threads 2"] {
            let reply = try await vectors(
                "search index --queries queries.npy --out ids.npy --truth base-ids.npy --json "
                    + "--method exact \(options)"
            ).json()
            #expect(reply["recall"] as? Double == 1 && reply["method"] as? String == "exact")
            try await python(
                """
                assert (numpy.load("ids.npy") == numpy.load("base-ids.npy")).all()
                """)
        }
        let info = try await vectors("info index --json").json()
        #expect(info["format"] as? String == "index" && info["coded"] as? Bool == true)
        #expect(info["count"] as? Int == 6000 && info["metric"] as? String == "inner-product")
        _ = try await vectors("export index -o out.faiss")
        _ = try await vectors("export index -o out.npy")
        try await python(
            """
            base = numpy.load("base.npy")
            index = faiss.read_index("out.faiss")
            assert isinstance(index, faiss.IndexFlatIP)
            assert (index.reconstruct_n(0, 6000) == base).all()
            assert (numpy.load("out.npy") == base).all()
            """)
        // A second build takes its place.
        _ = try await vectors("build queries.npy -o index --metric euclidean")
        let second = try await vectors("info index --json").json()
        #expect(second["count"] as? Int == 90 && second["metric"] as? String == "euclidean")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: room.folder.path + "/index") == [
                "base"
            ])
    }

    @Test func `an imported index keeps FAISS's ids, metric and answers`() async throws {
        try await python(
            """
            random = numpy.random.default_rng(4)
            base = random.integers(-8, 9, (5000, 24)).astype("<f4")
            queries = random.integers(-8, 9, (50, 24)).astype("<f4")
            numpy.save("queries.npy", queries)
            ids = random.permutation(100000)[:5000].astype("<i8") * 7 - 50
            numpy.save("all-ids.npy", ids)
            numpy.save("base.npy", base)
            index = faiss.IndexIDMap2(faiss.IndexFlatL2(24))
            index.add_with_ids(base, ids)
            faiss.write_index(index, "map.faiss")
            twice = faiss.IndexIDMap(faiss.IndexFlatIP(24))
            twice.add_with_ids(base[:2], numpy.array([9, 9]))
            faiss.write_index(twice, "twice.faiss")
            """)
        _ = try await vectors("import map.faiss -o index")
        let reply = try await vectors(
            "search index --queries queries.npy -k 5 --out ids.npy --method exact --json")
        #expect(try reply.json()["metric"] as? String == "euclidean")
        _ = try await vectors("export index -o again.faiss")
        try await python(
            """
            base, queries, ids = (numpy.load(f"{n}.npy") for n in ("base", "queries", "all-ids"))
            found = numpy.load("ids.npy")
            distances = ((queries[:, None] - base[None]) ** 2).sum(2)
            # By distance, then by id as an unsigned number.
            for row, line in zip(distances, found):
                order = numpy.lexsort((ids.astype("<u8"), row))[:5]
                assert (ids[order] == line).all(), (ids[order], line)
            again = faiss.read_index("again.faiss")
            assert isinstance(again, faiss.IndexIDMap2) and again.ntotal == 5000
            for id, row in zip(ids[:200], base):
                assert (again.reconstruct(int(id)) == row).all()
            """)
        let twice = try await vectors("import twice.faiss -o twice --json", status: 1)
        #expect(twice.output.contains("DUPLICATE_ID") && twice.output.contains("id 9"))
        let other = try await vectors("import base.npy -o other --json", status: 1)
        #expect(other.output.contains("NOT_FAISS"))
        #expect(!FileManager.default.fileExists(atPath: room.folder.path + "/twice"))
    }

    @Test func `a damaged or missing index is named`() async throws {
        try await python(
            """
            numpy.save("base.npy", numpy.random.default_rng(5).random((5000, 16), "float32"))
            """)
        _ = try await vectors("build base.npy -o index")
        let base = URL(filePath: room.folder.path + "/index/base")
        let bytes = try Data(contentsOf: base)
        var damaged = bytes
        damaged[20_000] ^= 4
        try damaged.write(to: base)
        for line in [
            "search index --queries base.npy", "search index --queries base.npy --threads 2",
            "info index", "export index -o out.npy",
        ] {
            let reply = try await vectors(line + " --json", status: 1)
            #expect(reply.output.contains("BAD_FILE") && reply.output.contains("vectors build"))
        }
        #expect(!FileManager.default.fileExists(atPath: room.folder.path + "/out.npy"))
        try bytes.prefix(50_000).write(to: base)
        let cut = try await vectors("search index --queries base.npy --json", status: 1)
        #expect(cut.output.contains("cut short"))
        damaged = bytes
        damaged[10] ^= 1
        try damaged.write(to: base)
        let mended = try await vectors("search index --queries base.npy --out ids.npy")
        #expect(mended.errors.contains("one of two headers was not used"))
        let metric = try await vectors("search index --queries base.npy --metric cosine", status: 2)
        #expect(metric.errors.contains("inner-product"))
        let place = try await vectors("build base.npy -o none/index --json", status: 1)
        #expect(place.output.contains("UNWRITABLE"))
        let file = try await vectors("build base.npy -o base.npy --json", status: 1)
        #expect(file.output.contains("UNWRITABLE"))
    }
}
