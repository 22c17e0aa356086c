/// Rows of equal size in slabs: a value whose copies share what neither has changed.
///
/// A write to a row copies at most that row's slab.
struct RowPlane: Sendable {
    let rowBytes: Int
    let rowsPerSlab: Int
    private var slabs: [Slab] = []

    init(rowBytes: Int, rowsPerSlab: Int) {
        self.rowBytes = rowBytes
        self.rowsPerSlab = rowsPerSlab
    }

    /// Makes room for `count` rows, or gives back the slabs beyond them.
    mutating func resize(to count: Int) {
        let needed = (count + rowsPerSlab - 1) / rowsPerSlab
        if slabs.count > needed { slabs.removeLast(slabs.count - needed) }
        while slabs.count < needed { slabs.append(Slab(byteCount: rowBytes * rowsPerSlab)) }
    }

    /// Where a row is, for reading while this value lives.
    func row(_ row: Int) -> UnsafeRawPointer {
        let (slab, place) = row.quotientAndRemainder(dividingBy: rowsPerSlab)
        return UnsafeRawPointer(slabs[slab].base + place * rowBytes)
    }

    /// Where a row is, for writing while no other value shares it.
    mutating func mutableRow(_ row: Int) -> UnsafeMutableRawPointer {
        let (slab, place) = row.quotientAndRemainder(dividingBy: rowsPerSlab)
        if !isKnownUniquelyReferenced(&slabs[slab]) { slabs[slab] = slabs[slab].copy() }
        return slabs[slab].base + place * rowBytes
    }

    var byteCount: Int { slabs.reduce(0) { $0 + $1.byteCount } }
}
