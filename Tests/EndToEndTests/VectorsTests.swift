import Foundation
import TestSupport
import Testing

/// `vectors`, held against FAISS and NumPy.
@Suite(.enabled(if: SharedData.python != nil, "make test installs faiss-cpu and numpy"))
struct VectorsTests {
    let room: VectorRoom

    init() throws { room = try VectorRoom() }

    /// Runs a script that finds `base` and `queries`, of few different values so that scores are
    /// exact and many are equal.
    private func python(_ script: String) async throws {
        let head = """
            random = numpy.random.default_rng(7)
            base = random.integers(-8, 9, (6000, 40)).astype("<f4")
            queries = random.integers(-8, 9, (90, 40)).astype("<f4")
            def check(path, scores, k):
                # By score, equal scores by row, -1 where there are no more.
                order = numpy.argsort(-scores, axis=1, kind="stable")[:, :k]
                want = numpy.full((len(scores), k), -1)
                want[:, :order.shape[1]] = order
                ids = numpy.load(path)
                assert ids.dtype == numpy.int64 and ids.shape == want.shape, (ids.dtype, ids.shape)
                assert (ids == want).all(), numpy.argwhere(ids != want)[:5]
            """
        try await room.python(head + "\n" + script)
    }

    private func vectors(_ line: String) async throws -> BuiltBinary.Result {
        try await room.vectors(line)
    }

    @Test func `rows are those of brute force, whatever format, batch and threads`() async throws {
        try await python(
            """
            numpy.save("base.npy", base)
            numpy.save("half.npy", base.astype("<f2"))
            numpy.save("queries.npy", queries)
            index = faiss.IndexFlatL2(40)
            index.add(base)
            faiss.write_index(index, "base.faiss")
            """)
        for (name, base, options) in [
            ("one", "base.npy", ""), ("many", "base.npy", "--batch 32 --threads 2"),
            ("half", "half.npy", "--batch 7 --method exact"),
            ("inner", "base.faiss", "--metric inner-product --threads 3"),
            ("distance", "base.faiss", "--batch 100"),
            ("cosine", "base.npy", "--metric cosine"),
        ] {
            let reply = try await vectors(
                "search \(base) --queries queries.npy -k 12 --out \(name).npy --json \(options)")
            #expect(reply.status == 0, "\(reply.errors)")
            let json = try reply.json()
            #expect(json["method"] as? String == "exact" && json["k"] as? Int == 12)
            #expect(json["queries"] as? Int == 90 && json["qps"] as? Double ?? 0 > 0)
            #expect((12...3000).contains(json["evaluations"] as? Double ?? 0), "\(json)")
            if name == "distance" { #expect(json["metric"] as? String == "euclidean") }
        }
        try await python(
            """
            products = queries @ base.T
            for name in "one", "many", "half", "inner":
                check(f"{name}.npy", products, 12)
            check("distance.npy", -((queries[:, None] - base[None]) ** 2).sum(2), 12)
            flat = faiss.IndexFlatIP(40)
            flat.add(base)
            scores, theirs = flat.search(queries, 12)
            ours = numpy.load("one.npy")
            assert (numpy.take_along_axis(products, ours, 1) == scores).all()
            norm = lambda rows: rows / numpy.linalg.norm(rows.astype("f8"), axis=1, keepdims=True)
            cosines = norm(queries) @ norm(base).T
            best = -numpy.sort(-cosines, axis=1)[:, :12]
            found = numpy.take_along_axis(cosines, numpy.load("cosine.npy"), 1)
            assert abs(found - best).max() < 1e-6
            """)
    }

    @Test func `fewer rows than wanted are filled with -1, and recall is told`() async throws {
        try await python(
            """
            numpy.save("base.npy", base[:5])
            numpy.save("queries.npy", queries[:3])
            order = numpy.argsort(-(queries[:3] @ base[:5].T), axis=1, kind="stable")
            truth = numpy.full((3, 9), -1)
            truth[:, :5] = order
            numpy.save("truth.npy", truth)
            wrong = numpy.where(truth == order[0, 0], order[0, 4], truth)
            wrong[1:] = -1
            numpy.save("wrong.npy", wrong[:, :4].copy())
            """)
        let search = "search base.npy --queries queries.npy --json"
        let whole = try await vectors("\(search) -k 8 --truth truth.npy --out found.npy").json()
        #expect(whole["recall"] as? Double == 1 && whole["rows"] == nil)
        try await python("check('found.npy', queries[:3] @ base[:5].T, 8)")
        // Of four rows one is not among the four nearest; lines of -1 want nothing.
        let part = try await vectors("\(search) -k 4 --truth wrong.npy").json()
        #expect(part["recall"] as? Double == 0.75)
        #expect((part["rows"] as? [[Int]])?.map(\.count) == [4, 4, 4])
        let text = try await vectors("search base.npy --queries queries.npy --truth truth.npy -k 2")
        #expect(text.output.split(separator: "\n").count == 3)
        #expect(text.errors.contains("recall 1.0000"))
        let short = try await vectors("\(search) -k 5 --truth wrong.npy")
        #expect(short.status == 1 && short.output.contains("BAD_TRUTH"))
    }

    @Test func `a file is described`() async throws {
        try await python(
            """
            plane = numpy.zeros((500, 40), "<f2")
            plane[:, :2] = random.normal(size=(500, 2)) * 100
            plane[7, 3] = numpy.nan
            plane[9, 0] = numpy.inf
            numpy.save("plane.npy", plane)
            numpy.save("ids.npy", numpy.arange(12).reshape(3, 4))
            flat = faiss.IndexIDMap2(faiss.IndexFlatL2(40))
            flat.add_with_ids(base, numpy.arange(6000) * 3)
            faiss.write_index(flat, "base.faiss")
            """)
        let plane = try await vectors("info plane.npy --json").json()
        #expect(plane["format"] as? String == "npy" && plane["number_type"] as? String == "float16")
        #expect(plane["count"] as? Int == 500 && plane["dimension"] as? Int == 40)
        #expect(plane["bytes"] as? Int == 128 + 500 * 40 * 2)
        #expect(plane["not_finite"] as? Int == 2 && plane["first_not_finite"] as? Int == 7)
        let spectrum = try #require(plane["spectrum"] as? [String: Any])
        #expect(spectrum["sample"] as? Int == 498 && spectrum["directions_99"] as? Int == 2)
        #expect((1.8...2).contains(spectrum["effective_dimension"] as? Double ?? 0))
        let faiss = try await vectors("info base.faiss --json").json()
        #expect(faiss["index"] as? String == "IndexIDMap2 over IndexFlatL2")
        #expect(faiss["metric"] as? String == "euclidean" && faiss["count"] as? Int == 6000)
        let ids = try await vectors("info ids.npy")
        #expect(ids.status == 0 && ids.output.contains("3 × 4, int64"))
    }

    @Test func `rows go from format to format`() async throws {
        try await python(
            """
            numpy.save("half.npy", base.astype("<f2"))
            flat = faiss.IndexIDMap2(faiss.IndexFlatL2(40))
            flat.add_with_ids(base, numpy.arange(6000) * 3)
            faiss.write_index(flat, "ids.faiss")
            """)
        for (from, to) in [
            ("half.npy", "plain.faiss"), ("plain.faiss", "rows.fvecs"), ("rows.fvecs", "rows.npy"),
            ("ids.faiss", "again.faiss"),
        ] {
            let reply = try await vectors("export \(from) -o \(to)")
            #expect(reply.status == 0 && reply.errors == "", "\(reply.errors)")
        }
        let reply = try await vectors("export ids.faiss -o dropped.npy")
        #expect(reply.status == 0 && reply.errors.contains("ids were left out"))
        try await python(
            """
            assert numpy.load("rows.npy").tobytes() == base.tobytes()
            assert numpy.load("dropped.npy").tobytes() == base.tobytes()
            plain = faiss.read_index("plain.faiss")
            assert type(plain) is faiss.IndexFlatIP and plain.ntotal == 6000
            assert open("ids.faiss", "rb").read() == open("again.faiss", "rb").read()
            """)
    }

    @Test func `what cannot be read or searched is named`() async throws {
        try await python(
            """
            numpy.save("base.npy", base)
            numpy.save("queries.npy", queries)
            numpy.save("narrow.npy", queries[:, :39].copy())
            numpy.save("double.npy", base.astype("f8"))
            base[5000, 3] = numpy.nan
            numpy.save("nan.npy", base)
            queries[4, 0] = -numpy.inf
            numpy.save("infinite.npy", queries)
            open("cut.npy", "wb").write(open("base.npy", "rb").read()[:-1])
            open("text.txt", "w").write("hello, world\\n")
            open("empty.npy", "w")
            """)
        for (line, status, code, words) in [
            ("none.npy --queries queries.npy", 5, "NOT_FOUND", "none.npy"),
            ("base.npy --queries none.npy", 5, "NOT_FOUND", "none.npy"),
            ("cut.npy --queries queries.npy", 1, "BAD_FILE", "cut short"),
            ("empty.npy --queries queries.npy", 1, "BAD_FILE", "cut short"),
            ("text.txt --queries queries.npy", 1, "UNSUPPORTED", "neither .npy"),
            ("double.npy --queries queries.npy", 1, "UNSUPPORTED", "<f8"),
            (". --queries queries.npy", 5, "NOT_FOUND", "no index"),
            ("base.npy --queries .", 1, "UNREADABLE", "folder"),
            ("nan.npy --queries queries.npy", 1, "NOT_FINITE", "nan.npy: row 5000"),
            ("base.npy --queries infinite.npy", 1, "NOT_FINITE", "infinite.npy: row 4"),
            ("base.npy --queries narrow.npy", 1, "DIMENSION", "39 long"),
            ("base.npy --queries queries.npy --method graph", 2, "NO_GRAPH", "no graph"),
            ("base.npy --queries queries.npy -k 0", 2, "USAGE", "1 or more"),
            ("base.npy --queries queries.npy -k 9000000 --out x.npy", 2, "TOO_LARGE", "-k"),
            ("base.npy --queries queries.npy --metric manhattan", 2, "USAGE", "manhattan"),
        ] {
            let reply = try await vectors("search \(line) --json")
            #expect(reply.status == Int32(status), "\(line): \(reply.output) \(reply.errors)")
            #expect(
                reply.output.contains(code) && reply.output.contains(words),
                "\(line): \(reply.output)")
        }
        #expect(try await vectors("export base.npy -o base.txt").status == 2)
        #expect(try await vectors("export base.npy -o base.faiss --metric cosine").status == 2)
        #expect(try await vectors("info none.npy").status == 5)
    }
}
