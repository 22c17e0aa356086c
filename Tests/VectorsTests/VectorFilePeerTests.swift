import Foundation
import Kernels
import TestSupport
import Testing
import Vectors

/// Files are exchanged with FAISS and NumPy themselves.
@Suite(.enabled(if: SharedData.python != nil, "make test installs faiss-cpu and numpy"))
struct VectorFilePeerTests {
    let folder: TemporaryFolder
    let rows: FloatRows
    let ids: [Int64]

    init() throws {
        folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: 65)
        // Values that only an exact copy keeps, among others.
        let special: [Float] = [-0.0, .leastNonzeroMagnitude, 0x1.fffffep9, 1]
        rows = FloatRows(dimension: 24, values: special + generator.floats(24 * 300 - 4))
        ids = (0..<300).map { Int64($0) &* 0x5DEE_CE66_D1 - 1 << 40 }
        try folder.write(rows.littleEndianBytes, to: "rows")
        try folder.write(ids.littleEndianBytes, to: "ids")
    }

    /// Runs a script that finds the rows and the ids.
    private func python(_ script: String) async throws {
        let head = """
            import faiss, numpy
            rows = numpy.fromfile("rows", "<f4").reshape(300, 24)
            ids = numpy.fromfile("ids", "<i8")
            """
        try folder.write(head + "\n" + script, to: "script.py")
        let python = try #require(SharedData.python)
        let reply = try await BuiltBinary(in: folder.path).shell("'\(python)' script.py")
        #expect(reply.status == 0, "\(reply.errors)")
    }

    private func name(_ identifiers: FaissIdentifiers, _ metric: FaissMetric) -> String {
        "\(identifiers)-\(metric).faiss"
    }

    @Test func `FAISS reads what is written here and finds the same`() async throws {
        for identifiers in FaissIdentifiers.allCases {
            for metric in FaissMetric.allCases {
                let layout = FaissLayout(
                    identifiers: identifiers, metric: metric, dimension: 24, count: 300)
                let path = folder.path + "/" + name(identifiers, metric)
                #expect(FileManager.default.createFile(atPath: path, contents: nil))
                let file = try #require(FileHandle(forWritingAtPath: path))
                try FaissFile.write(
                    layout, rows: rows.blocks(of: 77), ids: identifiers == .rowNumbers ? [] : ids
                ) { try file.write(contentsOf: Data($0)) }
                try file.close()
            }
        }
        try await python(
            """
            for metric, flat in ("innerProduct", faiss.IndexFlatIP), ("squaredDistance", faiss.IndexFlatL2):
                for map, make in ("rowNumbers", None), ("map", faiss.IndexIDMap), ("map2", faiss.IndexIDMap2):
                    theirs = flat(24)
                    if make:
                        theirs = make(theirs)
                        theirs.add_with_ids(rows, ids)
                    else:
                        theirs.add(rows)
                    path = f"{map}-{metric}.faiss"
                    ours = faiss.read_index(path)
                    assert type(ours) is type(theirs), (type(ours), type(theirs))
                    assert ours.is_trained and ours.metric_type == theirs.metric_type
                    assert ours.ntotal == 300 and ours.d == 24
                    if make:
                        assert (faiss.vector_to_array(ours.id_map) == ids).all()
                    inner = faiss.downcast_index(ours.index) if make else ours
                    assert type(inner) is flat
                    assert inner.reconstruct_n(0, 300).tobytes() == rows.tobytes()
                    if map == "map2":
                        assert ours.reconstruct(int(ids[17])).tobytes() == rows[17].tobytes()
                    for one, two in zip(ours.search(rows[:50], 10), theirs.search(rows[:50], 10)):
                        assert one.tobytes() == two.tobytes()
                    assert faiss.serialize_index(theirs).tobytes() == open(path, "rb").read(), path
            """)
    }

    @Test func `what FAISS writes is read here`() async throws {
        try await python(
            """
            for metric, flat in ("innerProduct", faiss.IndexFlatIP), ("squaredDistance", faiss.IndexFlatL2):
                for map, make in ("rowNumbers", None), ("map", faiss.IndexIDMap), ("map2", faiss.IndexIDMap2):
                    index = flat(24)
                    if make:
                        index = make(index)
                        index.add_with_ids(rows, ids)
                    else:
                        index.add(rows)
                    faiss.write_index(index, f"{map}-{metric}.faiss")
            faiss.write_index(faiss.IndexIDMap2(faiss.IndexFlatIP(7)), "empty.faiss")
            faiss.write_index(faiss.IndexHNSWSQ(24, faiss.ScalarQuantizer.QT_8bit, 8), "IHNs.faiss")
            faiss.write_index(faiss.index_factory(24, "IDMap,PQ4"), "IxPq.faiss")
            faiss.write_index(faiss.IndexFlat(24, faiss.METRIC_L1), "metric 2.faiss")
            """)
        for identifiers in FaissIdentifiers.allCases {
            for metric in FaissMetric.allCases {
                let index = try FaissIndex(path: folder.path + "/" + name(identifiers, metric))
                #expect(
                    index.layout
                        == FaissLayout(
                            identifiers: identifiers, metric: metric, dimension: 24, count: 300))
                #expect(index.rows.all().littleEndianBytes == rows.littleEndianBytes)
                #expect(index.allIDs == (identifiers == .rowNumbers ? Array(0..<300) : ids))
            }
        }
        let empty = try FaissIndex(path: folder.path + "/empty.faiss")
        #expect(empty.layout.dimension == 7 && empty.layout.count == 0 && empty.allIDs == [])
        for name in ["IHNs", "IxPq", "metric 2"] {
            let error = #expect(throws: VectorFileError.self) {
                try FaissIndex(path: folder.path + "/\(name).faiss")
            }
            #expect(error?.reason.contains(name) == true, "\(String(describing: error))")
        }
    }

    @Test func `NumPy reads what is written here`() async throws {
        try folder.write(NumpyFile.bytes(of: rows), to: "rows.npy")
        try folder.write(NumpyFile.bytes(of: ids, columnCount: 10), to: "ids.npy")
        try await python(
            """
            ours = numpy.load("rows.npy")
            assert ours.dtype == numpy.float32 and ours.shape == (300, 24)
            assert ours.tobytes() == rows.tobytes()
            ours = numpy.load("ids.npy")
            assert ours.dtype == numpy.int64 and ours.shape == (30, 10)
            assert ours.tobytes() == ids.tobytes()
            assert numpy.load("rows.npy", mmap_mode="r").offset % 64 == 0
            """)
    }

    @Test func `what NumPy writes is read here`() async throws {
        try await python(
            """
            halves = rows.astype("<f2")
            halves.astype("<f4").tofile("halves")
            for version in 1, 2, 3:
                for name, array in ("rows", rows), ("row", rows[0]), ("halves", halves), ("ids", ids), ("table", ids.reshape(30, 10)):
                    with open(f"{name}{version}.npy", "wb") as file:
                        numpy.lib.format.write_array(file, array, version=(version, 0))
            numpy.save("none.npy", rows[:0])
            numpy.save("Fortran.npy", numpy.asfortranarray(rows))
            numpy.save("<f8.npy", rows.astype("<f8"))
            numpy.save(">f4.npy", rows.astype(">f4"))
            numpy.save("fields.npy", numpy.zeros(3, [("a", "<f4")]))
            """)
        for version in 1...3 {
            func array(_ name: String) throws -> NumpyArray {
                try NumpyArray(path: folder.path + "/\(name)\(version).npy")
            }
            #expect(
                try array("rows").rows().all().littleEndianBytes == rows.littleEndianBytes)
            #expect(try array("row").rows().all().values == Array(rows[0]))
            let widened = try Data(contentsOf: folder.url.appending(path: "halves"))
            #expect(try array("halves").rows().all().littleEndianBytes == Array(widened))
            #expect(try array("ids").integers() == ids && array("ids").shape == [300])
            #expect(try array("table").integers() == ids && array("table").shape == [30, 10])
        }
        #expect(try NumpyArray(path: folder.path + "/none.npy").rows().all().count == 0)
        for name in ["Fortran", "<f8", ">f4", "fields"] {
            let error = #expect(throws: VectorFileError.self) {
                try NumpyArray(path: folder.path + "/\(name).npy")
            }
            #expect(error?.reason.contains(name) == true, "\(String(describing: error))")
        }
    }
}
