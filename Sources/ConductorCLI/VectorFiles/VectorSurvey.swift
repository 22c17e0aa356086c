import Kernels
import Vectors

/// What all rows of a file together are like.
struct VectorSurvey: Encodable {
    /// How the rows' spread is shared among directions, told from finite rows.
    struct Spread: Encodable {
        /// How many rows it is told from.
        let sample: Int
        /// See `Spectrum.effectiveDimension`.
        let effectiveDimension: Double
        /// The least numbers of directions that carry 90 and 99 percent of the spread.
        let directions90, directions99: Int

        enum CodingKeys: String, CodingKey {
            case sample
            case effectiveDimension = "effective_dimension"
            case directions90 = "directions_90"
            case directions99 = "directions_99"
        }
    }

    /// How many rows hold NaN or infinity.
    private(set) var notFinite = 0
    /// The first of them.
    private(set) var firstNotFinite: Int?
    /// The least and the greatest length of a finite row.
    private(set) var leastNorm, greatestNorm: Double?
    /// Nil where no row is finite, or rows are too long for it.
    private(set) var spectrum: Spread?

    enum CodingKeys: String, CodingKey {
        case spectrum
        case notFinite = "not_finite"
        case firstNotFinite = "first_not_finite"
        case leastNorm = "least_norm"
        case greatestNorm = "greatest_norm"
    }

    /// Rows that are read at once.
    private static let blockSize = 1024
    /// Rows that the spectrum is told from, taken at equal distances.
    private static let sampleLimit = 20_000
    /// Longer rows have no spectrum told: it takes the square of their length in memory.
    private static let dimensionLimit = 4096

    /// Reads every row once.
    init(_ rows: RowSequence) {
        let bar = ProgressBar()
        defer { bar.finish() }
        let step = max(1, (rows.count + Self.sampleLimit - 1) / Self.sampleLimit)
        var sample = FloatRows(dimension: rows.dimension, count: 0)
        var number = 0
        for block in rows.blocks(of: Self.blockSize) {
            bar.show("reading", done: number, total: rows.count)
            for row in 0..<block.count {
                let isFinite = take(block[row], number: number)
                if isFinite, number % step == 0, rows.dimension <= Self.dimensionLimit {
                    sample.append(block[row])
                }
                number += 1
            }
        }
        guard sample.count > 0, let spectrum = Spectrum(of: sample) else { return }
        self.spectrum = Spread(
            sample: sample.count, effectiveDimension: spectrum.effectiveDimension,
            directions90: spectrum.directions(carrying: 0.9),
            directions99: spectrum.directions(carrying: 0.99))
    }

    private mutating func take(_ row: ArraySlice<Float>, number: Int) -> Bool {
        let norm = row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        // A sum of squares of f32 values cannot overflow in f64.
        guard norm.isFinite else {
            notFinite += 1
            firstNotFinite = firstNotFinite ?? number
            return false
        }
        leastNorm = min(leastNorm ?? norm, norm)
        greatestNorm = max(greatestNorm ?? norm, norm)
        return true
    }
}
