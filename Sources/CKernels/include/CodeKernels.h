// Kernels of the exact index: rows as 4-bit codes with a bound, and the f32 rows behind them.
// The same promises as CKernels.h: nothing allocates or keeps state, counts of zero are allowed,
// pointers need no alignment, and every result has the same bits on every instruction set.
//
// A row y of D values (D a multiple of 64) is coded as y = scale * z + r, z[j] = k[j] - 7.5 with k
// from 0 to 15. Each 64 values are 32 bytes: byte j holds k[j] low and k[j + 32] high. A row of
// codes has stride = D / 2 bytes. A query is whole numbers from -127 to 127, split alike: `low`
// and `high` have `stride` values each and multiply the low and the high halves of the bytes.
#ifndef CODE_KERNELS_H
#define CODE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// The greatest D for which every integer below fits 32 bits.
#define CK_CODE_MAXIMUM_DIMENSION 65536
/// How often a rotation flips signs and transforms.
#define CK_ROTATION_ROUNDS 4

/// What is kept of a row beside its codes: 16 bytes.
struct ck_code_header {
    float scale;     ///< <y, z> / <z, z>
    float residual;  ///< >= ||y - scale * z||; infinite: the row is beyond codes, score it itself
    float norm;      ///< >= ||scale * z||
    float square;    ///< <= ||y||^2
};

/// A query, ready to be held against codes. Of a row with dot = sum k * q it says
///     bound = fma(square, h.square, fma(norm, h.norm, fma(residual, h.residual,
///             fma(h.scale, (2 * dot - offset) * unit, constant))))
/// which the caller has made to be no less than the row's score.
struct ck_code_query {
    const int8_t *low, *high;
    int32_t offset;  ///< 15 * the sum of all q
    float unit, residual, norm, square, constant;
};

/// Where rows of codes stand: in slabs of `rows_per_slab` rows, all their codes before all their
/// headers.
struct ck_code_slabs {
    const uint8_t *const *starts;
    size_t stride;
    uint32_t rows_per_slab;
};

/// One instruction set's kernels.
struct ck_code_kernels {
    int isa;  ///< enum ck_isa

    /// dots[i] = sum k * q of row i, exactly.
    void (*dots_u4)(const int8_t *low, const int8_t *high, size_t stride, const uint8_t *codes,
                    size_t count, int32_t *dots);

    /// Those of `count` rows in order whose bound is not below `threshold` (a bound that is no
    /// number passes): their numbers and bounds. Returns how many; `found` and `bounds` have room
    /// for `count`.
    size_t (*gate_u4)(const struct ck_code_query *query, size_t stride, const uint8_t *codes,
                      const struct ck_code_header *headers, size_t count, float threshold,
                      uint32_t *found, float *bounds);

    /// The same for the rows whose numbers `rows` lists, in that order.
    size_t (*gate_rows_u4)(const struct ck_code_query *query, size_t stride, const uint8_t *codes,
                           const struct ck_code_header *headers, const uint32_t *rows, size_t count,
                           float threshold, uint32_t *found, float *bounds);

    /// gate_u4 for each query with its own threshold. What query i finds begins at
    /// found[i * count] and bounds[i * count]; counts[i] says how many.
    void (*gate_batch_u4)(const struct ck_code_query *queries, size_t query_count, size_t stride,
                          const uint8_t *codes, const struct ck_code_header *headers, size_t count,
                          const float *thresholds, uint32_t *found, float *bounds, size_t *counts);

    /// What the codes say of the scores of the listed rows, without a bound:
    ///     fma(square, h.square, fma(h.scale * t, (2 * dot - offset) * unit, constant))
    /// with t = h.square / (h.norm^2 + 2^-126), by which codes are too short along their row. Of
    /// rows beyond codes it says nothing. Nothing is read ahead; see ck_gather_unvisited.
    /// Source: Gao and Long, RaBitQ, SIGMOD 2024 (the unbiased estimator).
    void (*estimate_rows_u4)(const struct ck_code_query *query, const struct ck_code_slabs *slabs,
                             const uint32_t *rows, size_t count, float *estimates);

    /// A row's codes as the multipliers of a query: 2k - 15, from -15 to 15. Returns 15 * their sum.
    int32_t (*multipliers_u4)(const uint8_t *codes, size_t stride, int8_t *low, int8_t *high);

    /// dots[i] = sum (row[j] - 128) * query[j] for 8-bit rows, |query[j]| <= 63 so that no pair of
    /// products leaves 16 bits; exactly, for dimension <= 65536.
    void (*dots_i8)(const int8_t *query, const uint8_t *rows, size_t dimension, size_t count,
                    int32_t *dots);

    /// scores[i] = the inner product of `query` with rows[i], with the bits of `dots_f32`.
    void (*dots_rows_f32)(const float *query, const float *const *rows, size_t dimension,
                          size_t count, float *scores);

    /// scores[i] = -sum (query[j] - rows[i][j])^2, in the lanes and the order of `dots_f32`.
    /// Error <= (ceil(dimension / 32) + 8) * 2^-24 of the sum.
    void (*distances_rows_f32)(const float *query, const float *const *rows, size_t dimension,
                               size_t count, float *scores);

    /// Rotates D values in place: CK_ROTATION_ROUNDS times, signs are flipped (`signs` has D words
    /// a round, 0 or 0x80000000), then the first (even rounds) or last (odd rounds) 2^m values,
    /// 2^m <= D < 2^(m+1), go through the orthonormal Hadamard transform.
    /// ||error|| <= CK_ROTATION_ROUNDS * (m + 2) * 2^-24 * ||values||, barring underflow.
    void (*rotate_f32)(const uint32_t *signs, size_t dimension, float *values);

    /// The codes and header of one rotated row: the best of a few steps. Rows whose length is not
    /// 0 and outside [2^-40, 2^40] get an infinite residual.
    void (*encode_u4)(const float *values, size_t dimension, uint8_t *codes,
                      struct ck_code_header *header);
};

/// The kernels of one instruction set (enum ck_isa, or 3 for NEON with dot products), or null where
/// the processor or the build lacks it.
const struct ck_code_kernels *ck_code_kernels_for(int isa);

/// The numbers of the bits that are set among `count` bits from bit `first` on, less `first`.
/// Returns how many; `found` has room for `count`.
size_t ck_list_bits(const uint64_t *words, size_t first, size_t count, uint32_t *found);

/// The CRC-32C (Castagnoli, RFC 3720) of `count` bytes; `plain` forces the way without the
/// processor's instruction, for tests.
uint32_t ck_crc32c(const void *bytes, size_t count, int plain);

/// How many bits are set in `count` words.
size_t ck_count_bits(const uint64_t *words, size_t count);

/// Of `count` rows those whose bit is not set in `visited`, in order; sets their bits, and asks for
/// their codes and headers to be read ahead. Returns how many; `found` has room for `count`.
size_t ck_gather_unvisited(const uint32_t *rows, size_t count, const struct ck_code_slabs *slabs,
                           uint64_t *visited, uint32_t *found);

/// Asks for bytes to be read ahead.
static inline void ck_read_ahead(const void *start, size_t bytes) {
    for (size_t line = 0; line < bytes; line += 64)
        __builtin_prefetch((const char *)start + line, 0, 3);
}

/// Offers rows with their estimates to a pool of candidates, best first: the estimate above, in an
/// order of whole numbers, and twice the row below. At most `width` are kept. Returns how many there
/// are; `first` is the best place that changed, or `width`.
size_t ck_offer(uint64_t *pool, size_t count, size_t width, const uint32_t *rows,
                const float *estimates, size_t offered, size_t *first);

#endif
