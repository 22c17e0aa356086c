import Foundation
import TestSupport
import Testing

/// FAISS's inverted files, scalar quantizers and graphs: read from FAISS, and handed back to it.
@Suite(.enabled(if: SharedData.python != nil, "make test installs faiss-cpu and numpy"))
struct FaissKindsTests {
    let folder: TemporaryFolder
    let conductor: BuiltBinary

    init() throws {
        folder = try TemporaryFolder()
        conductor = BuiltBinary(in: folder.path)
    }

    /// Runs a script that finds rows, queries and ids.
    private func python(_ script: String) async throws {
        let head = """
            import faiss, json, numpy
            random = numpy.random.default_rng(11)
            def some(n, d=24):
                return (random.normal(size=(n, d)) * numpy.linspace(0.1, 9, d)).astype("<f4")
            base, queries = some(3000), some(60)
            ids = random.permutation(10**6)[:3000].astype("<i8") - 1000
            metrics = ("IP", faiss.METRIC_INNER_PRODUCT), ("L2", faiss.METRIC_L2)
            def same(found, rows, names, metric):
                # Rows that score as well as the best, reckoned in float64: FAISS rounds differently
                # from search to search.
                rows, asked = rows.astype("f8"), queries.astype("f8")
                scores = asked @ rows.T
                if metric == faiss.METRIC_L2:
                    scores = 2 * scores - (rows * rows).sum(1) - (asked * asked).sum(1)[:, None]
                place = {int(name): row for row, name in enumerate(names)}
                places = numpy.array([[place[int(name)] for name in line] for line in found])
                assert all(len(set(line)) == len(line) for line in places)
                best = -numpy.sort(-scores, axis=1)[:, :found.shape[1]]
                assert abs(numpy.take_along_axis(scores, places, 1) - best).max() < 1e-3
            """
        try folder.write(head + "\n" + script, to: "script.py")
        let python = try #require(SharedData.python)
        let reply = try await conductor.shell("'\(python)' script.py")
        #expect(reply.status == 0, "\(reply.errors)")
    }

    @discardableResult
    private func vectors(_ line: String, status: Int32 = 0) async throws -> BuiltBinary.Result {
        let reply = try await conductor.shell("\"$CONDUCTOR\" vectors \(line)")
        #expect(reply.status == status, "\(line): \(reply.output) \(reply.errors)")
        return reply
    }

    @Test func `inverted files and graphs are imported with their ids`() async throws {
        try await python(
            """
            numpy.save("queries.npy", queries)
            for name, metric in metrics:
                def write(kind, index, named=True, direct=0, rows=base, names=ids):
                    index.train(base)
                    index.add_with_ids(rows, names) if named else index.add(rows)
                    if direct:
                        index.set_direct_map_type(direct)
                    faiss.write_index(index, f"{kind}{name}.faiss")
                kinds = faiss.DirectMap
                write("named", faiss.index_factory(24, "IVF40,Flat", metric))
                write("hash", faiss.index_factory(24, "IVF40,Flat", metric), direct=kinds.Hashtable)
                write("array", faiss.index_factory(24, "IVF40,Flat", metric), False, kinds.Array)
                # Most lists are empty, which is written another way.
                write("sparse", faiss.index_factory(24, "IVF40,Flat", metric), rows=base[:9], names=ids[:9])
                assert b"sprs" in open(f"sparse{name}.faiss", "rb").read()
                write("map", faiss.index_factory(24, "IDMap2,IVF40,Flat", metric))
                write("graph", faiss.IndexHNSWFlat(24, 16, metric), False)
                write("mapgraph", faiss.index_factory(24, "IDMap,HNSW8,Flat", metric))
            """)
        for (metric, name) in [("IP", "inner-product"), ("L2", "euclidean")] {
            for kind in ["named", "hash", "array", "sparse", "map", "graph", "mapgraph"] {
                try await vectors("import \(kind)\(metric).faiss -o \(kind)")
                let reply = try await vectors(
                    "search \(kind) --queries queries.npy -k 5 --out \(kind)\(metric).npy --json "
                        + "--method exact")
                #expect(try reply.json()["metric"] as? String == name)
                try await vectors("export \(kind)\(metric).faiss -o rows-\(kind)\(metric).npy")
            }
        }
        try await python(
            """
            for name, metric in metrics:
                for kind in "named", "hash", "array", "sparse", "map", "graph", "mapgraph":
                    named = kind not in ("array", "graph")
                    rows, names = (base[:9], ids[:9]) if kind == "sparse" else (base, ids)
                    found = numpy.load(f"{kind}{name}.npy")
                    same(found, rows, names if named else numpy.arange(3000), metric)
                    # The rows of an inverted file come by its ids, those of others in their order.
                    rows = rows[numpy.argsort(names)] if kind in ("named", "hash", "sparse") else rows
                    assert numpy.load(f"rows-{kind}{name}.npy").tobytes() == rows.tobytes(), (kind, name)
            """)
        let info = try await vectors("info namedL2.faiss --json").json()
        #expect(info["index"] as? String == "IndexIVFFlat" && info["lists"] as? Int == 40)
        #expect(info["count"] as? Int == 3000 && info["dimension"] as? Int == 24)
        #expect(info["quantizer"] as? String == "IndexFlat")
        #expect(info["metric"] as? String == "euclidean")
        // The graph that was made anew: what it was made for, and what it reaches.
        let made = try await vectors("info graph --json").json()
        let learned = try #require(made["graph"] as? [String: Any])
        #expect(learned["target"] as? Double == 0.98 && learned["due"] as? Bool == false)
        #expect(learned["changes"] as? Int == 0 && learned["from_rows"] as? Bool == true)
        let point = try #require((learned["learned"] as? [[String: Any]])?.first)
        #expect(point["k"] as? Int == 10 && point["depth"] as? Int ?? 0 >= 10)
        #expect(point["recall"] as? Double ?? 0 >= 0.98)
        #expect(point["standard_error"] as? Double ?? 1 < 0.01)
        let graph = try await vectors("info mapgraphIP.faiss")
        #expect(graph.output.contains("IndexIDMap over IndexHNSWFlat, inner-product"))
    }

    @Test func `codes are read as FAISS reconstructs them, bit by bit`() async throws {
        let types = [
            "QT_8bit", "QT_4bit", "QT_8bit_uniform", "QT_4bit_uniform", "QT_fp16", "QT_bf16",
            "QT_6bit", "QT_8bit_direct", "QT_8bit_direct_signed",
        ]
        // A multiple of eight and none: FAISS rounds them in different ways.
        try await python(
            """
            for d in 24, 13:
                for name in "\(types.joined(separator: " "))".split():
                    rows = some(500, d)
                    if "direct" in name:
                        rows = random.integers(0, 256, (500, d)) - (128 if "signed" in name else 0)
                    index = faiss.IndexScalarQuantizer(d, getattr(faiss.ScalarQuantizer, name), faiss.METRIC_L2)
                    index.train(rows.astype("<f4"))
                    index.add(rows.astype("<f4"))
                    faiss.write_index(index, f"{name}{d}.faiss")
                    numpy.save(f"{name}{d}.npy", index.reconstruct_n(0, 500))
            """)
        for type in types {
            for dimension in [24, 13] {
                let name = "\(type)\(dimension)"
                try await vectors("export \(name).faiss -o ours-\(name).npy")
                let theirs = try Data(contentsOf: folder.url.appending(path: "\(name).npy"))
                let ours = try Data(contentsOf: folder.url.appending(path: "ours-\(name).npy"))
                #expect(ours.suffix(2000 * dimension) == theirs.suffix(2000 * dimension), "\(name)")
            }
        }
        let info = try await vectors("info QT_6bit24.faiss --json").json()
        #expect(info["index"] as? String == "IndexScalarQuantizer")
        #expect(info["quantizer"] as? String == "QT_6bit")
        try await vectors("import QT_8bit24.faiss -o index")
        try await vectors("export index -o again.faiss")
        try await python(
            """
            again = faiss.read_index("again.faiss")
            assert (again.reconstruct_n(0, 500) == numpy.load("QT_8bit24.npy")).all()
            """)
    }

    @Test func `FAISS opens what is written here and finds the same`() async throws {
        try await python(
            """
            numpy.save("base.npy", base)
            numpy.save("queries.npy", queries)
            for name, metric in metrics:
                index = faiss.IndexIDMap2(faiss.IndexFlat(24, metric))
                index.add_with_ids(base, ids)
                faiss.write_index(index, f"{name}.faiss")
            """)
        for (metric, name) in [("IP", "inner-product"), ("L2", "euclidean")] {
            try await vectors("import \(metric).faiss -o named\(metric)")
            try await vectors("build base.npy -o numbered\(metric) --metric \(name)")
            for kind in ["named", "numbered"] {
                for type in ["flat", "ivf-flat", "sq8", "sq-fp16"] {
                    try await vectors(
                        "export \(kind)\(metric) -o \(kind)-\(metric)-\(type).faiss --type \(type)")
                }
            }
        }
        try await python(
            """
            for name, metric in metrics:
                for kind in "named", "numbered":
                    # An index in a folder has its rows by their keys, as unsigned numbers.
                    order = numpy.argsort(ids.view("<u8")) if kind == "named" else numpy.arange(3000)
                    names = ids if kind == "named" else numpy.arange(3000)
                    read = lambda type: faiss.read_index(f"{kind}-{name}-{type}.faiss")
                    lists = read("ivf-flat")
                    assert type(lists) is faiss.IndexIVFFlat and lists.metric_type == metric
                    assert lists.ntotal == 3000 and lists.nlist == 54 and lists.is_trained
                    lists.nprobe = lists.nlist
                    found = lists.search(queries, 10)[1]
                    same(found, base, names, metric)
                    lists.nprobe = 8
                    few = lists.search(queries, 10)[1]
                    recall = (few[:, :, None] == found[:, None]).any(2).mean()
                    assert recall > 0.5, recall
                    lists.set_direct_map_type(faiss.DirectMap.Hashtable)
                    for row in range(0, 3000, 500):
                        assert (lists.reconstruct(int(names[row])) == base[row]).all()
                    lists.add_with_ids(base[:1], numpy.array([5000000]))
                    whole = read("flat")
                    if kind == "named":
                        assert type(whole) is faiss.IndexIDMap2
                        assert (faiss.vector_to_array(whole.id_map) == ids[order]).all()
                    for type_, qtype in ("sq8", faiss.ScalarQuantizer.QT_8bit), ("sq-fp16", faiss.ScalarQuantizer.QT_fp16):
                        coded = read(type_)
                        assert (coded.search(queries, 1)[1] >= -1000).all()
                        if kind == "named":
                            assert (faiss.vector_to_array(coded.id_map) == ids[order]).all()
                            coded = faiss.downcast_index(coded.index)
                        assert type(coded) is faiss.IndexScalarQuantizer and coded.sq.qtype == qtype
                        # The codes that FAISS itself makes.
                        theirs = faiss.IndexScalarQuantizer(24, qtype, metric)
                        theirs.train(base[order])
                        theirs.add(base[order])
                        ours, wanted = (i.reconstruct_n(0, 3000) for i in (coded, theirs))
                        step = (base.max(0) - base.min(0)) / 255
                        assert (abs(ours - wanted) <= 1.01 * step).all() and (ours == wanted).mean() > 0.999
            """)
    }

    @Test func `what an index of a kind cannot hold is named`() async throws {
        try await python(
            """
            numpy.save("none.npy", base[:0])
            large = base.copy()
            large[7, 3] = 1e6
            numpy.save("large.npy", large)
            large[2000, 0] = numpy.nan
            numpy.save("nan.npy", large)
            index = faiss.index_factory(24, "IVF40,SQ8")
            index.train(base)
            index.add(base)
            faiss.write_index(index, "coded.faiss")
            index = faiss.IndexIVFFlat(faiss.IndexHNSWFlat(24, 8), 24, 40)
            index.train(base)
            index.add(base)
            faiss.write_index(index, "graph.faiss")
            index = faiss.index_factory(24, "HNSW8,Flat")
            index.add(base)
            faiss.write_index(index, "cut.faiss")
            open("short.faiss", "wb").write(open("cut.faiss", "rb").read()[:-1])
            """)
        for (line, status, code, words) in [
            ("export none.npy -o x.faiss --type ivf-flat", 1, "EMPTY", "no lists"),
            ("export nan.npy -o x.faiss --type ivf-flat", 1, "NOT_FINITE", "row 2000"),
            ("export nan.npy -o x.faiss --type sq8", 1, "RANGE", "QT_8bit"),
            ("export large.npy -o x.faiss --type sq-fp16", 1, "RANGE", "QT_fp16"),
            ("export large.npy -o x.npy --type sq8", 2, "USAGE", "--type"),
            ("export large.npy -o x.faiss --type pq", 2, "USAGE", "ivf-flat"),
            ("import coded.faiss -o x", 1, "UNSUPPORTED", "IwSq (IndexIVFScalarQuantizer)"),
            ("import graph.faiss -o x", 1, "UNSUPPORTED", "as the quantizer"),
            ("import short.faiss -o x", 1, "BAD_FILE", "cut short"),
        ] {
            let reply = try await vectors(line + " --json", status: Int32(status))
            #expect(reply.output.contains(code) && reply.output.contains(words), "\(reply.output)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/x.faiss"))
        try await vectors("export none.npy -o empty.faiss --type sq8")
        try await python("assert faiss.read_index('empty.faiss').ntotal == 0")
    }
}
