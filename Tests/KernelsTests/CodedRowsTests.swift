import Kernels
import TestSupport
import Testing

struct CodedRowsTests {
    @Test func `slots that are given back and made anew are zeros again`() {
        var generator = SeededGenerator(seed: 140)
        var rows = CodedRows(dimension: 8, scoring: .innerProduct)
        for _ in 0..<2 {
            rows.resize(to: 5000)
            for slot in 0..<5000 { rows.write(generator.floats(8)[...], to: slot) }
            rows.resize(to: 0)
            rows.resize(to: 5000)
            let plane = rows.rowPlane
            for slab in 0..<plane.slabCount {
                #expect(plane.bytes(ofSlab: slab)?.allSatisfy { $0 == 0 } == true)
            }
        }
        // What a copy holds is nobody else's yet.
        let copy = rows
        rows.resize(to: 0)
        rows.resize(to: 5000)
        for slot in 0..<5000 { rows.write(generator.floats(8)[...], to: slot) }
        #expect((0..<5000).allSatisfy { copy[$0] == [Float](repeating: 0, count: 8) })
    }
}
