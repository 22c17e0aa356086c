// AVX2 with FMA and BMI2. Eight rows go side by side: their sums end in the lanes of one register, where
// bounds are made and compared at once.
#include "codes_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2,popcnt"))), apply_to = function)

/// Bytes of codes after which 16-bit sums are widened: 8 products of at most 2 * 15 * 127 fit.
#define CK_WIDEN 128

/// Eight times sixteen 32-bit or 16-bit partial sums become eight sums, in order.
CK_INLINE __m256i ck_reduce_i32x8(const __m256i sums[8]) {
    const __m256i a = _mm256_hadd_epi32(_mm256_hadd_epi32(sums[0], sums[1]),
                                        _mm256_hadd_epi32(sums[2], sums[3]));
    const __m256i b = _mm256_hadd_epi32(_mm256_hadd_epi32(sums[4], sums[5]),
                                        _mm256_hadd_epi32(sums[6], sums[7]));
    return _mm256_add_epi32(_mm256_permute2x128_si256(a, b, 0x20),
                            _mm256_permute2x128_si256(a, b, 0x31));
}

CK_INLINE __m256i ck_dot_u4_x8(const int8_t *low, const int8_t *high, size_t stride,
                               const uint8_t *const rows[8]) {
    const __m256i nibble = _mm256_set1_epi8(15), one = _mm256_set1_epi16(1);
    __m256i sums_i32x8[8];
    for (size_t r = 0; r < 8; r++) sums_i32x8[r] = _mm256_setzero_si256();
    for (size_t start = 0; start < stride; start += CK_WIDEN) {
        const size_t end = start + CK_WIDEN < stride ? start + CK_WIDEN : stride;
        __m256i sums_i16x16[8];
        for (size_t r = 0; r < 8; r++) sums_i16x16[r] = _mm256_setzero_si256();
        for (size_t j = start; j < end; j += 32) {
            const __m256i q_low = _mm256_loadu_si256((const __m256i *)(low + j));
            const __m256i q_high = _mm256_loadu_si256((const __m256i *)(high + j));
#pragma clang loop unroll(full)
            for (size_t r = 0; r < 8; r++) {
                const __m256i bytes = _mm256_loadu_si256((const __m256i *)(rows[r] + j));
                const __m256i k_low = _mm256_and_si256(bytes, nibble);
                const __m256i k_high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble);
                sums_i16x16[r] = _mm256_add_epi16(
                    sums_i16x16[r], _mm256_add_epi16(_mm256_maddubs_epi16(k_low, q_low),
                                                     _mm256_maddubs_epi16(k_high, q_high)));
            }
        }
        for (size_t r = 0; r < 8; r++)
            sums_i32x8[r] =
                _mm256_add_epi32(sums_i32x8[r], _mm256_madd_epi16(sums_i16x16[r], one));
    }
    return ck_reduce_i32x8(sums_i32x8);
}

struct ck_columns_x8 {
    __m256 scale, residual, norm, square;
};

/// The headers of eight rows, field by field.
CK_INLINE struct ck_columns_x8 ck_columns_x8(const struct ck_code_header *const headers[8]) {
    __m256 h[4];
    for (size_t r = 0; r < 4; r++)
        h[r] = _mm256_insertf128_ps(
            _mm256_castps128_ps256(_mm_loadu_ps((const float *)headers[r])),
            _mm_loadu_ps((const float *)headers[r + 4]), 1);
    const __m256 a = _mm256_unpacklo_ps(h[0], h[1]), b = _mm256_unpackhi_ps(h[0], h[1]);
    const __m256 c = _mm256_unpacklo_ps(h[2], h[3]), d = _mm256_unpackhi_ps(h[2], h[3]);
    return (struct ck_columns_x8){
        .scale = _mm256_shuffle_ps(a, c, 0x44), .residual = _mm256_shuffle_ps(a, c, 0xEE),
        .norm = _mm256_shuffle_ps(b, d, 0x44), .square = _mm256_shuffle_ps(b, d, 0xEE)};
}

/// Which of eight rows pass, and all bounds.
CK_INLINE uint32_t ck_gate_x8(const struct ck_code_query *query, __m256i dots_i32x8,
                              const struct ck_code_header *const headers[8], float threshold,
                              __m256 *bounds) {
    const struct ck_columns_x8 h = ck_columns_x8(headers);
    const __m256 whole = _mm256_cvtepi32_ps(_mm256_sub_epi32(
        _mm256_add_epi32(dots_i32x8, dots_i32x8), _mm256_set1_epi32(query->offset)));
    __m256 bound = _mm256_fmadd_ps(h.scale, _mm256_mul_ps(whole, _mm256_set1_ps(query->unit)),
                                   _mm256_set1_ps(query->constant));
    bound = _mm256_fmadd_ps(_mm256_set1_ps(query->residual), h.residual, bound);
    bound = _mm256_fmadd_ps(_mm256_set1_ps(query->norm), h.norm, bound);
    *bounds = bound = _mm256_fmadd_ps(_mm256_set1_ps(query->square), h.square, bound);
    return (uint32_t)_mm256_movemask_ps(
        _mm256_cmp_ps(bound, _mm256_set1_ps(threshold), _CMP_NLT_UQ));
}

/// What the codes of eight rows say of their scores.
CK_INLINE __m256 ck_estimate_x8(const struct ck_code_query *query, __m256i dots_i32x8,
                                const struct ck_code_header *const headers[8]) {
    const struct ck_columns_x8 h = ck_columns_x8(headers);
    const __m256 whole = _mm256_cvtepi32_ps(_mm256_sub_epi32(
        _mm256_add_epi32(dots_i32x8, dots_i32x8), _mm256_set1_epi32(query->offset)));
    const __m256 t = _mm256_div_ps(
        h.square, _mm256_add_ps(_mm256_mul_ps(h.norm, h.norm), _mm256_set1_ps(0x1p-126f)));
    const __m256 estimate =
        _mm256_fmadd_ps(_mm256_mul_ps(h.scale, t), _mm256_mul_ps(whole, _mm256_set1_ps(query->unit)),
                        _mm256_set1_ps(query->constant));
    return _mm256_fmadd_ps(_mm256_set1_ps(query->square), h.square, estimate);
}

static void ck_estimate_rows_u4_avx2(const struct ck_code_query *query,
                                     const struct ck_code_slabs *slabs, const uint32_t *rows,
                                     size_t count, float *estimates) {
    const struct ck_code_query local = *query;
    for (size_t i = 0; i < count; i += 8) {
        const uint8_t *r_codes[8];
        const struct ck_code_header *r_headers[8];
        for (size_t r = 0; r < 8; r++)
            r_codes[r] =
                ck_slab_row(slabs, rows[i + r < count ? i + r : count - 1], r_headers + r);
        const __m256 found = ck_estimate_x8(
            &local, ck_dot_u4_x8(local.low, local.high, slabs->stride, r_codes), r_headers);
        if (count - i >= 8) {
            _mm256_storeu_ps(estimates + i, found);
        } else {
            float lanes[8];
            _mm256_storeu_ps(lanes, found);
            memcpy(estimates + i, lanes, (count - i) * sizeof *estimates);
        }
    }
}

CK_INLINE size_t ck_keep(uint32_t mask, __m256 bounds_f32x8, const uint32_t *rows, size_t passed,
                         uint32_t *found, float *bounds) {
    float lanes[8];
    _mm256_storeu_ps(lanes, bounds_f32x8);
    for (; mask; mask &= mask - 1) {
        const uint32_t lane = (uint32_t)__builtin_ctz(mask);
        found[passed] = rows[lane];
        bounds[passed++] = lanes[lane];
    }
    return passed;
}

/// The same for eight rows side by side, without a branch. Eight places are written whatever
/// passes; as no more rows passed than were read, they lie within the block's room.
CK_INLINE size_t ck_keep_x8(uint32_t mask, __m256 bounds_f32x8, uint32_t first, size_t passed,
                            uint32_t *found, float *bounds) {
    const uint64_t bytes = _pdep_u64(mask, 0x0101010101010101) * 0xFF;
    const uint64_t lanes = _pext_u64(0x0706050403020100, bytes);
    const __m256i order = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)lanes));
    _mm256_storeu_si256((__m256i *)(found + passed),
                        _mm256_add_epi32(order, _mm256_set1_epi32((int)first)));
    _mm256_storeu_ps(bounds + passed, _mm256_permutevar8x32_ps(bounds_f32x8, order));
    return passed + (size_t)__builtin_popcount(mask);
}

static size_t ck_gate_rows_u4_avx2(const struct ck_code_query *query, size_t stride,
                                   const uint8_t *codes, const struct ck_code_header *headers,
                                   const uint32_t *rows, size_t count, float threshold,
                                   uint32_t *found, float *bounds) {
    const struct ck_code_query local = *query;
    size_t passed = 0;
    for (size_t i = 0; i < count; i += 8) {
        const uint8_t *r_codes[8];
        const struct ck_code_header *r_headers[8];
        for (size_t r = 0; r < 8; r++) {
            // Past the end, the last row stands in.
            const size_t row = rows[i + r < count ? i + r : count - 1];
            r_codes[r] = codes + row * stride, r_headers[r] = headers + row;
            if (i + r + CK_ROWS_AHEAD < count) {
                const size_t ahead = rows[i + r + CK_ROWS_AHEAD];
                ck_prefetch(codes + ahead * stride, stride);
                __builtin_prefetch(headers + ahead, 0, 3);
            }
        }
        __m256 bounds_f32x8;
        uint32_t mask = ck_gate_x8(&local, ck_dot_u4_x8(local.low, local.high, stride, r_codes),
                                   r_headers, threshold, &bounds_f32x8);
        if (count - i < 8) mask &= (1u << (count - i)) - 1;
        if (mask) passed = ck_keep(mask, bounds_f32x8, rows + i, passed, found, bounds);
    }
    return passed;
}

/// The last rows of a block, fewer than eight, numbered from `first` on.
CK_INLINE size_t ck_gate_last(const struct ck_code_query *query, size_t stride,
                              const uint8_t *codes, const struct ck_code_header *headers,
                              size_t first, size_t count, float threshold, size_t passed,
                              uint32_t *found, float *bounds) {
    uint32_t rows[8];
    for (size_t r = 0; r < 8; r++) rows[r] = (uint32_t)(first + r);
    return passed + ck_gate_rows_u4_avx2(query, stride, codes, headers, rows, count - first,
                                         threshold, found + passed, bounds + passed);
}

static size_t ck_gate_u4_avx2(const struct ck_code_query *query, size_t stride,
                              const uint8_t *codes, const struct ck_code_header *headers,
                              size_t count, float threshold, uint32_t *found, float *bounds) {
    const struct ck_code_query local = *query;
    size_t passed = 0, i = 0;
    for (; i + 8 <= count; i += 8) {
        const uint8_t *r_codes[8];
        const struct ck_code_header *r_headers[8];
        for (size_t r = 0; r < 8; r++)
            r_codes[r] = codes + (i + r) * stride, r_headers[r] = headers + i + r;
        // Beyond the end a prefetch does nothing.
        ck_prefetch(r_codes[0] + CK_ROWS_AHEAD * stride, 8 * stride);
        __m256 bounds_f32x8;
        const uint32_t mask =
            ck_gate_x8(&local, ck_dot_u4_x8(local.low, local.high, stride, r_codes), r_headers,
                       threshold, &bounds_f32x8);
        passed = ck_keep_x8(mask, bounds_f32x8, (uint32_t)i, passed, found, bounds);
    }
    if (i == count) return passed;
    return ck_gate_last(&local, stride, codes, headers, i, count, threshold, passed, found,
                        bounds);
}

/// Two rows against four queries: dots[2 * q + r].
CK_INLINE __m256i ck_dot_u4_2x4(const struct ck_code_query *const queries[4], size_t stride,
                                const uint8_t *row0, const uint8_t *row1) {
    const __m256i nibble = _mm256_set1_epi8(15), one = _mm256_set1_epi16(1);
    __m256i sums_i32x8[8];
    for (size_t i = 0; i < 8; i++) sums_i32x8[i] = _mm256_setzero_si256();
    for (size_t start = 0; start < stride; start += CK_WIDEN) {
        const size_t end = start + CK_WIDEN < stride ? start + CK_WIDEN : stride;
        __m256i sums_i16x16[8];
        for (size_t i = 0; i < 8; i++) sums_i16x16[i] = _mm256_setzero_si256();
        for (size_t j = start; j < end; j += 32) {
            const __m256i bytes0 = _mm256_loadu_si256((const __m256i *)(row0 + j));
            const __m256i bytes1 = _mm256_loadu_si256((const __m256i *)(row1 + j));
            const __m256i low0 = _mm256_and_si256(bytes0, nibble);
            const __m256i low1 = _mm256_and_si256(bytes1, nibble);
            const __m256i high0 = _mm256_and_si256(_mm256_srli_epi16(bytes0, 4), nibble);
            const __m256i high1 = _mm256_and_si256(_mm256_srli_epi16(bytes1, 4), nibble);
#pragma clang loop unroll(full)
            for (size_t q = 0; q < 4; q++) {
                const __m256i q_low =
                    _mm256_loadu_si256((const __m256i *)(queries[q]->low + j));
                const __m256i q_high =
                    _mm256_loadu_si256((const __m256i *)(queries[q]->high + j));
                sums_i16x16[2 * q] = _mm256_add_epi16(
                    sums_i16x16[2 * q], _mm256_add_epi16(_mm256_maddubs_epi16(low0, q_low),
                                                         _mm256_maddubs_epi16(high0, q_high)));
                sums_i16x16[2 * q + 1] =
                    _mm256_add_epi16(sums_i16x16[2 * q + 1],
                                     _mm256_add_epi16(_mm256_maddubs_epi16(low1, q_low),
                                                      _mm256_maddubs_epi16(high1, q_high)));
            }
        }
        for (size_t i = 0; i < 8; i++)
            sums_i32x8[i] =
                _mm256_add_epi32(sums_i32x8[i], _mm256_madd_epi16(sums_i16x16[i], one));
    }
    return ck_reduce_i32x8(sums_i32x8);
}

static void ck_gate_batch_u4_avx2(const struct ck_code_query *queries, size_t query_count,
                                  size_t stride, const uint8_t *codes,
                                  const struct ck_code_header *headers, size_t count,
                                  const float *thresholds, uint32_t *found, float *bounds,
                                  size_t *counts) {
    const size_t whole = count / 8 * 8;
    for (size_t i = 0; i < query_count; i++) counts[i] = 0;
    for (size_t block = 0; block < whole; block += 8) {
        const struct ck_code_header *r_headers[8];
        for (size_t r = 0; r < 8; r++) r_headers[r] = headers + block + r;
        const uint8_t *base = codes + block * stride;
        ck_prefetch(base + CK_ROWS_AHEAD * stride, 8 * stride);
        for (size_t first = 0; first < query_count; first += 4) {
            const struct ck_code_query *four[4];
            for (size_t q = 0; q < 4; q++)
                four[q] = queries + (first + q < query_count ? first + q : query_count - 1);
            int32_t dots[4][8];
            for (size_t r = 0; r < 8; r += 2) {
                int32_t pairs[8];
                _mm256_storeu_si256((__m256i *)pairs,
                                    ck_dot_u4_2x4(four, stride, base + r * stride,
                                                  base + (r + 1) * stride));
                for (size_t q = 0; q < 4; q++) memcpy(&dots[q][r], pairs + 2 * q, 8);
            }
            for (size_t q = first; q < first + 4 && q < query_count; q++) {
                __m256 bounds_f32x8;
                const uint32_t mask = ck_gate_x8(
                    queries + q, _mm256_loadu_si256((const __m256i *)dots[q - first]), r_headers,
                    thresholds[q], &bounds_f32x8);
                counts[q] = ck_keep_x8(mask, bounds_f32x8, (uint32_t)block, counts[q],
                                       found + q * count, bounds + q * count);
            }
        }
    }
    if (whole == count) return;
    for (size_t q = 0; q < query_count; q++)
        counts[q] = ck_gate_last(queries + q, stride, codes, headers, whole, count, thresholds[q],
                                 counts[q], found + q * count, bounds + q * count);
}

static void ck_dots_u4_avx2(const int8_t *low, const int8_t *high, size_t stride,
                            const uint8_t *codes, size_t count, int32_t *dots) {
    for (size_t i = 0; i < count; i += 8) {
        const uint8_t *rows[8];
        for (size_t r = 0; r < 8; r++)
            rows[r] = codes + (i + r < count ? i + r : count - 1) * stride;
        int32_t sums[8];
        _mm256_storeu_si256((__m256i *)sums, ck_dot_u4_x8(low, high, stride, rows));
        memcpy(dots + i, sums, (count - i < 8 ? count - i : 8) * sizeof *dots);
    }
}

static void ck_dots_i8_avx2(const int8_t *query, const uint8_t *rows, size_t dimension,
                            size_t count, int32_t *dots) {
    const __m256i one = _mm256_set1_epi16(1);
    int32_t offset = 0;
    for (size_t j = 0; j < dimension; j++) offset += 128 * query[j];
    for (size_t i = 0; i < count; i++) {
        const uint8_t *row = rows + i * dimension;
        __m256i sum_i32x8 = _mm256_setzero_si256();
        size_t j = 0;
        for (; j + 32 <= dimension; j += 32)
            sum_i32x8 = _mm256_add_epi32(
                sum_i32x8, _mm256_madd_epi16(
                               _mm256_maddubs_epi16(
                                   _mm256_loadu_si256((const __m256i *)(row + j)),
                                   _mm256_loadu_si256((const __m256i *)(query + j))),
                               one));
        int32_t lanes[8], sum = 0;
        _mm256_storeu_si256((__m256i *)lanes, sum_i32x8);
        for (size_t lane = 0; lane < 8; lane++) sum += lanes[lane];
        for (; j < dimension; j++) sum += (int32_t)row[j] * query[j];
        dots[i] = sum - offset;
    }
}

/// One row in the order of dots_f32: 32 lanes in four registers, then their tree.
CK_INLINE float ck_score_f32(const float *query, const float *row, size_t dimension,
                             int is_distance) {
    __m256 sums[4];
    for (size_t i = 0; i < 4; i++) sums[i] = _mm256_setzero_ps();
    size_t j = 0;
    for (; j + CK_LANES <= dimension; j += CK_LANES)
#pragma clang loop unroll(full)
        for (size_t i = 0; i < 4; i++) {
            __m256 a = _mm256_loadu_ps(query + j + 8 * i), b = _mm256_loadu_ps(row + j + 8 * i);
            if (is_distance) a = b = _mm256_sub_ps(a, b);
            sums[i] = _mm256_fmadd_ps(a, b, sums[i]);
        }
    float lanes[CK_LANES];
    for (size_t i = 0; i < 4; i++) _mm256_storeu_ps(lanes + 8 * i, sums[i]);
    for (size_t lane = 0; j < dimension; j++, lane++) {
        const float difference = query[j] - row[j];
        lanes[lane] = is_distance ? __builtin_fmaf(difference, difference, lanes[lane])
                                  : __builtin_fmaf(query[j], row[j], lanes[lane]);
    }
    return ck_sum_lanes_f32(lanes);
}

static void ck_dots_rows_f32_avx2(const float *query, const float *const *rows, size_t dimension,
                                  size_t count, float *scores) {
    for (size_t i = 0; i < count; i++) {
        if (i + CK_SCORES_AHEAD < count)
            ck_prefetch(rows[i + CK_SCORES_AHEAD], dimension * sizeof(float));
        scores[i] = ck_score_f32(query, rows[i], dimension, 0);
    }
}

static void ck_distances_rows_f32_avx2(const float *query, const float *const *rows,
                                       size_t dimension, size_t count, float *scores) {
    for (size_t i = 0; i < count; i++) {
        if (i + CK_SCORES_AHEAD < count)
            ck_prefetch(rows[i + CK_SCORES_AHEAD], dimension * sizeof(float));
        scores[i] = -ck_score_f32(query, rows[i], dimension, 1);
    }
}

CK_DEFINE_CODE_KERNELS(avx2)

#pragma clang attribute pop

const struct ck_code_kernels ck_code_kernels_avx2 = {
    .isa = 1,
    .dots_u4 = ck_dots_u4_avx2,
    .gate_u4 = ck_gate_u4_avx2,
    .gate_rows_u4 = ck_gate_rows_u4_avx2,
    .gate_batch_u4 = ck_gate_batch_u4_avx2,
    .estimate_rows_u4 = ck_estimate_rows_u4_avx2,
    .multipliers_u4 = ck_multipliers_u4_avx2,
    .dots_i8 = ck_dots_i8_avx2,
    .dots_rows_f32 = ck_dots_rows_f32_avx2,
    .distances_rows_f32 = ck_distances_rows_f32_avx2,
    .rotate_f32 = ck_rotate_f32_avx2,
    .encode_u4 = ck_encode_u4_avx2,
};
#endif
