// AVX2 with FMA and BMI2: 16-bit sums of products, widened in time.
#include "codes_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2,popcnt"))), apply_to = function)

#include "codes_x8.h"

/// Bytes of codes after which 16-bit sums are widened: 8 products of at most 2 * 15 * 127 fit.
#define CK_WIDEN 128

/// Four rows' products over `bytes` bytes from `j` on, at most CK_WIDEN of them.
CK_INLINE void ck_widened_x4(const int8_t *low, const int8_t *high, const uint8_t *const rows[4],
                             size_t j, size_t bytes, __m256i sums_i32x8[4]) {
    const __m256i nibble = _mm256_set1_epi8(15), one = _mm256_set1_epi16(1);
    __m256i sums_i16x16[4];
    for (size_t r = 0; r < 4; r++) sums_i16x16[r] = _mm256_setzero_si256();
#pragma clang loop unroll(full)
    for (size_t i = 0; i < bytes; i += 32) {
        const __m256i q_low = _mm256_loadu_si256((const __m256i *)(low + j + i));
        const __m256i q_high = _mm256_loadu_si256((const __m256i *)(high + j + i));
#pragma clang loop unroll(full)
        for (size_t r = 0; r < 4; r++) {
            const __m256i codes = _mm256_loadu_si256((const __m256i *)(rows[r] + j + i));
            const __m256i k_low = _mm256_and_si256(codes, nibble);
            const __m256i k_high = _mm256_and_si256(_mm256_srli_epi16(codes, 4), nibble);
            sums_i16x16[r] = _mm256_add_epi16(
                sums_i16x16[r], _mm256_add_epi16(_mm256_maddubs_epi16(k_low, q_low),
                                                 _mm256_maddubs_epi16(k_high, q_high)));
        }
    }
    for (size_t r = 0; r < 4; r++) sums_i32x8[r] = _mm256_madd_epi16(sums_i16x16[r], one);
}

/// Four rows' products. Eight rows side by side would not leave their sums in registers. One loop that
/// sets sums or adds to them, as below for pairs, takes a tenth longer here.
CK_INLINE void ck_sums_x4(const int8_t *low, const int8_t *high, size_t stride,
                          const uint8_t *const rows[4], __m256i sums_i32x8[4]) {
    size_t j = stride < CK_WIDEN ? 32 : CK_WIDEN;
    if (j == 32)
        ck_widened_x4(low, high, rows, 0, 32, sums_i32x8);
    else
        ck_widened_x4(low, high, rows, 0, CK_WIDEN, sums_i32x8);
    while (j < stride) {
        __m256i more_i32x8[4];
        if (j + 64 <= stride) {
            ck_widened_x4(low, high, rows, j, 64, more_i32x8);
            j += 64;
        } else {
            ck_widened_x4(low, high, rows, j, 32, more_i32x8);
            j += 32;
        }
        for (size_t r = 0; r < 4; r++)
            sums_i32x8[r] = _mm256_add_epi32(sums_i32x8[r], more_i32x8[r]);
    }
}

CK_INLINE __m256i ck_dots_of_eight(const int8_t *low, const int8_t *high, size_t stride,
                               const uint8_t *const rows[8]) {
    __m256i sums_i32x8[8];
    ck_sums_x4(low, high, stride, rows, sums_i32x8);
    ck_sums_x4(low, high, stride, rows + 4, sums_i32x8 + 4);
    return ck_reduce_i32x8(sums_i32x8);
}

/// ck_keep for rows that follow each other, without a branch. Eight places are written whatever
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

/// Two rows against four queries, over `bytes` bytes from `j` on, at most CK_WIDEN of them:
/// sums[q][r] are set, or added to.
CK_INLINE void ck_widened_2x4(const int8_t *const low[4], const int8_t *const high[4],
                              const uint8_t *row0, const uint8_t *row1, size_t j, size_t bytes,
                              size_t r, __m256i sums_i32x8[4][8]) {
    const __m256i nibble = _mm256_set1_epi8(15), one = _mm256_set1_epi16(1);
    const bool is_first = j == 0;
    __m256i sums_i16x16[4][2];
    for (size_t q = 0; q < 4; q++)
        sums_i16x16[q][0] = sums_i16x16[q][1] = _mm256_setzero_si256();
#pragma clang loop unroll(full)
    for (size_t i = 0; i < bytes; i += 32) {
        const __m256i codes0 = _mm256_loadu_si256((const __m256i *)(row0 + j + i));
        const __m256i codes1 = _mm256_loadu_si256((const __m256i *)(row1 + j + i));
        const __m256i low0 = _mm256_and_si256(codes0, nibble);
        const __m256i low1 = _mm256_and_si256(codes1, nibble);
        const __m256i high0 = _mm256_and_si256(_mm256_srli_epi16(codes0, 4), nibble);
        const __m256i high1 = _mm256_and_si256(_mm256_srli_epi16(codes1, 4), nibble);
#pragma clang loop unroll(full)
        for (size_t q = 0; q < 4; q++) {
            const __m256i q_low = _mm256_loadu_si256((const __m256i *)(low[q] + j + i));
            const __m256i q_high = _mm256_loadu_si256((const __m256i *)(high[q] + j + i));
            sums_i16x16[q][0] = _mm256_add_epi16(
                sums_i16x16[q][0], _mm256_add_epi16(_mm256_maddubs_epi16(low0, q_low),
                                                    _mm256_maddubs_epi16(high0, q_high)));
            sums_i16x16[q][1] = _mm256_add_epi16(
                sums_i16x16[q][1], _mm256_add_epi16(_mm256_maddubs_epi16(low1, q_low),
                                                    _mm256_maddubs_epi16(high1, q_high)));
        }
    }
    for (size_t q = 0; q < 4; q++)
        for (size_t row = 0; row < 2; row++) {
            const __m256i wide = _mm256_madd_epi16(sums_i16x16[q][row], one);
            sums_i32x8[q][r + row] =
                is_first ? wide : _mm256_add_epi32(sums_i32x8[q][r + row], wide);
        }
}

/// Eight rows against four queries: a register of dots for each query.
CK_INLINE void ck_dots_of_eight_x4(const struct ck_code_query *const queries[4], size_t stride,
                              const uint8_t *rows, __m256i dots_i32x8[4]) {
    const int8_t *low[4], *high[4];
    for (size_t q = 0; q < 4; q++) low[q] = queries[q]->low, high[q] = queries[q]->high;
    __m256i sums_i32x8[4][8];
    for (size_t r = 0; r < 8; r += 2) {
        const uint8_t *row0 = rows + r * stride, *row1 = row0 + stride;
        size_t j = 0;
        for (; j + CK_WIDEN <= stride; j += CK_WIDEN)
            ck_widened_2x4(low, high, row0, row1, j, CK_WIDEN, r, sums_i32x8);
        for (; j + 64 <= stride; j += 64)
            ck_widened_2x4(low, high, row0, row1, j, 64, r, sums_i32x8);
        if (j < stride) ck_widened_2x4(low, high, row0, row1, j, 32, r, sums_i32x8);
    }
    for (size_t q = 0; q < 4; q++) dots_i32x8[q] = ck_reduce_i32x8(sums_i32x8[q]);
}

#include "codes_x8_kernels.h"

static size_t ck_gate_u4_avx2(const struct ck_code_query *query, size_t stride,
                              const uint8_t *codes, const struct ck_code_header *headers,
                              size_t count, float threshold, uint32_t *found, float *bounds) {
    // The strides of 256 and 384 dimensions as constants save a tenth.
    if (stride == 128)
        return ck_gate_in_order(query, 128, codes, headers, count, threshold, found, bounds);
    if (stride == 192)
        return ck_gate_in_order(query, 192, codes, headers, count, threshold, found, bounds);
    return ck_gate_in_order(query, stride, codes, headers, count, threshold, found, bounds);
}

static void ck_gate_batch_u4_avx2(const struct ck_code_query *queries, size_t query_count,
                                  size_t stride, const uint8_t *codes,
                                  const struct ck_code_header *headers, size_t count,
                                  const float *thresholds, uint32_t *found, float *bounds,
                                  size_t *counts) {
    if (stride == 128)
        ck_gate_batch_in_order(queries, query_count, 128, codes, headers, count, thresholds, found,
                               bounds, counts);
    else if (stride == 192)
        ck_gate_batch_in_order(queries, query_count, 192, codes, headers, count, thresholds, found,
                               bounds, counts);
    else
        ck_gate_batch_in_order(queries, query_count, stride, codes, headers, count, thresholds,
                               found, bounds, counts);
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
    .dots_u4 = ck_dots_u4_x8,
    .gate_u4 = ck_gate_u4_avx2,
    .gate_rows_u4 = ck_gate_rows_u4_x8,
    .gate_batch_u4 = ck_gate_batch_u4_avx2,
    .estimate_rows_u4 = ck_estimate_rows_u4_x8,
    .multipliers_u4 = ck_multipliers_u4_avx2,
    .dots_i8 = ck_dots_i8_avx2,
    .dots_rows_f32 = ck_dots_rows_f32_avx2,
    .distances_rows_f32 = ck_distances_rows_f32_avx2,
    .rotate_f32 = ck_rotate_f32_avx2,
    .encode_u4 = ck_encode_u4_avx2,
};
#endif
