// AVX-512 with VNNI: 32-bit sums of products, which cannot saturate.
#include "codes_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,popcnt"))), \
    apply_to = function)

#include "codes_x8.h"

/// Eight registers' sums, in order.
CK_INLINE __m256i ck_reduce_x8(const __m512i sums[8]) {
    __m256i halves[8];
    for (size_t r = 0; r < 8; r++)
        halves[r] = _mm256_add_epi32(_mm512_castsi512_si256(sums[r]),
                                     _mm512_extracti64x4_epi64(sums[r], 1));
    return ck_reduce_i32x8(halves);
}

/// The bytes from `j` on, or what is left of them.
CK_INLINE __m512i ck_bytes(const void *bytes, size_t j, __mmask64 mask) {
    return mask == ~(__mmask64)0 ? _mm512_loadu_si512((const char *)bytes + j)
                                 : _mm512_maskz_loadu_epi8(mask, (const char *)bytes + j);
}

/// Adds the products of as many bytes as a register holds.
CK_INLINE __m512i ck_add_dot(__m512i sum, __m512i codes, __m512i q_low, __m512i q_high) {
    const __m512i nibble = _mm512_set1_epi8(15);
    sum = _mm512_dpbusd_epi32(sum, _mm512_and_si512(codes, nibble), q_low);
    return _mm512_dpbusd_epi32(sum, _mm512_and_si512(_mm512_srli_epi16(codes, 4), nibble), q_high);
}

/// 128 bytes of each row in turn, so that memory is read in order.
CK_INLINE __m256i ck_dots_of_eight(const int8_t *low, const int8_t *high, size_t stride,
                               const uint8_t *const rows[8]) {
    const __mmask64 all = ~(__mmask64)0;
    __m512i sums[8];
    for (size_t r = 0; r < 8; r++) sums[r] = _mm512_setzero_si512();
    size_t j = 0;
    for (; j + 128 <= stride; j += 128) {
        const __m512i q_low0 = ck_bytes(low, j, all), q_low1 = ck_bytes(low, j + 64, all);
        const __m512i q_high0 = ck_bytes(high, j, all), q_high1 = ck_bytes(high, j + 64, all);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < 8; r++) {
            sums[r] = ck_add_dot(sums[r], ck_bytes(rows[r], j, all), q_low0, q_high0);
            sums[r] = ck_add_dot(sums[r], ck_bytes(rows[r], j + 64, all), q_low1, q_high1);
        }
    }
    for (; j < stride; j += 64) {
        const __mmask64 mask = j + 64 <= stride ? all : 0xFFFFFFFF;
        const __m512i q_low = ck_bytes(low, j, mask), q_high = ck_bytes(high, j, mask);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < 8; r++)
            sums[r] = ck_add_dot(sums[r], ck_bytes(rows[r], j, mask), q_low, q_high);
    }
    return ck_reduce_x8(sums);
}

/// ck_keep for rows that follow each other, without a branch. Eight places are written whatever
/// passes; as no more rows passed than were read, they lie within the block's room.
CK_INLINE size_t ck_keep_x8(uint32_t mask, __m256 bounds_f32x8, uint32_t first, size_t passed,
                            uint32_t *found, float *bounds) {
    const __m256i rows = _mm256_add_epi32(_mm256_set1_epi32((int)first),
                                          _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    _mm256_storeu_si256((__m256i *)(found + passed),
                        _mm256_maskz_compress_epi32((__mmask8)mask, rows));
    _mm256_storeu_ps(bounds + passed, _mm256_maskz_compress_ps((__mmask8)mask, bounds_f32x8));
    return passed + (size_t)__builtin_popcount(mask);
}

CK_INLINE void ck_step_4x4(const struct ck_code_query *const queries[4], size_t stride,
                           const uint8_t *rows, size_t j, __mmask64 mask, __m512i sums[16]) {
    const __m512i nibble = _mm512_set1_epi8(15);
    __m512i low[4], high[4];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < 4; r++) {
        const __m512i bytes = ck_bytes(rows + r * stride, j, mask);
        low[r] = _mm512_and_si512(bytes, nibble);
        high[r] = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), nibble);
    }
#pragma clang loop unroll(full)
    for (size_t q = 0; q < 4; q++) {
        const __m512i q_low = ck_bytes(queries[q]->low, j, mask);
        const __m512i q_high = ck_bytes(queries[q]->high, j, mask);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < 4; r++) {
            __m512i *sum = sums + q * 4 + r;
            *sum = _mm512_dpbusd_epi32(*sum, low[r], q_low);
            *sum = _mm512_dpbusd_epi32(*sum, high[r], q_high);
        }
    }
}

/// Eight rows against four queries: a register of dots for each query.
CK_INLINE void ck_dots_of_eight_x4(const struct ck_code_query *const queries[4], size_t stride,
                              const uint8_t *rows, __m256i dots_i32x8[4]) {
    // Of two queries each, four rows: those of the first query in the lower half.
    __m256i pairs_i32x8[2][2];
#pragma clang loop unroll(full)
    for (size_t half = 0; half < 2; half++) {
        __m512i sums[16];
#pragma clang loop unroll(full)
        for (size_t i = 0; i < 16; i++) sums[i] = _mm512_setzero_si512();
        const uint8_t *four = rows + 4 * half * stride;
        size_t j = 0;
        for (; j + 64 <= stride; j += 64)
            ck_step_4x4(queries, stride, four, j, ~(__mmask64)0, sums);
        if (j < stride) ck_step_4x4(queries, stride, four, j, 0xFFFFFFFF, sums);
        pairs_i32x8[0][half] = ck_reduce_x8(sums);
        pairs_i32x8[1][half] = ck_reduce_x8(sums + 8);
    }
    for (size_t q = 0; q < 4; q++)
        dots_i32x8[q] = q % 2 ? _mm256_permute2x128_si256(pairs_i32x8[q / 2][0],
                                                          pairs_i32x8[q / 2][1], 0x31)
                              : _mm256_permute2x128_si256(pairs_i32x8[q / 2][0],
                                                          pairs_i32x8[q / 2][1], 0x20);
}

#include "codes_x8_kernels.h"

// A stride that is a constant gains nothing here; clang then even reads rows out of order.
static size_t ck_gate_u4_avx512(const struct ck_code_query *query, size_t stride,
                                const uint8_t *codes, const struct ck_code_header *headers,
                                size_t count, float threshold, uint32_t *found, float *bounds) {
    return ck_gate_in_order(query, stride, codes, headers, count, threshold, found, bounds);
}

static void ck_gate_batch_u4_avx512(const struct ck_code_query *queries, size_t query_count,
                                    size_t stride, const uint8_t *codes,
                                    const struct ck_code_header *headers, size_t count,
                                    const float *thresholds, uint32_t *found, float *bounds,
                                    size_t *counts) {
    ck_gate_batch_in_order(queries, query_count, stride, codes, headers, count, thresholds, found,
                           bounds, counts);
}

static void ck_dots_i8_avx512(const int8_t *query, const uint8_t *rows, size_t dimension,
                              size_t count, int32_t *dots) {
    int32_t offset = 0;
    for (size_t j = 0; j < dimension; j++) offset += 128 * query[j];
    for (size_t i = 0; i < count; i++) {
        const uint8_t *row = rows + i * dimension;
        __m512i sum_i32x16 = _mm512_setzero_si512();
        size_t j = 0;
        for (; j + 64 <= dimension; j += 64)
            sum_i32x16 = _mm512_dpbusd_epi32(sum_i32x16, _mm512_loadu_si512(row + j),
                                             _mm512_loadu_si512(query + j));
        if (j < dimension) {
            const __mmask64 mask = ((__mmask64)1 << (dimension - j)) - 1;
            sum_i32x16 = _mm512_dpbusd_epi32(sum_i32x16, ck_bytes(row, j, mask),
                                             ck_bytes(query, j, mask));
        }
        dots[i] = _mm512_reduce_add_epi32(sum_i32x16) - offset;
    }
}

/// One row in the order of dots_f32: 32 lanes in two registers, then their tree.
CK_INLINE float ck_score_f32(const float *query, const float *row, size_t dimension,
                             int is_distance) {
    __m512 sums[2] = {_mm512_setzero_ps(), _mm512_setzero_ps()};
    size_t whole = 0;
    for (; whole + CK_LANES <= dimension; whole += CK_LANES)
#pragma clang loop unroll(full)
        for (size_t i = 0; i < 2; i++) {
            __m512 a = _mm512_loadu_ps(query + whole + 16 * i);
            __m512 b = _mm512_loadu_ps(row + whole + 16 * i);
            if (is_distance) a = b = _mm512_sub_ps(a, b);
            sums[i] = _mm512_fmadd_ps(a, b, sums[i]);
        }
    for (size_t j = whole; j < dimension; j += 16) {
        const size_t left = dimension - j, i = j / 16 % 2;
        const __mmask16 mask = left < 16 ? (__mmask16)((1u << left) - 1) : (__mmask16)0xFFFF;
        __m512 a = _mm512_maskz_loadu_ps(mask, query + j), b = _mm512_maskz_loadu_ps(mask, row + j);
        if (is_distance) a = b = _mm512_sub_ps(a, b);
        sums[i] = _mm512_mask3_fmadd_ps(a, b, sums[i], mask);
    }
    const __m512 sum_f32x16 = _mm512_add_ps(sums[0], sums[1]);
    const __m256 sum_f32x8 = _mm256_add_ps(_mm512_castps512_ps256(sum_f32x16),
                                           _mm512_extractf32x8_ps(sum_f32x16, 1));
    __m128 sum_f32x4 =
        _mm_add_ps(_mm256_castps256_ps128(sum_f32x8), _mm256_extractf128_ps(sum_f32x8, 1));
    sum_f32x4 = _mm_add_ps(sum_f32x4, _mm_movehl_ps(sum_f32x4, sum_f32x4));
    return _mm_cvtss_f32(_mm_add_ss(sum_f32x4, _mm_movehdup_ps(sum_f32x4)));
}

static void ck_dots_rows_f32_avx512(const float *query, const float *const *rows, size_t dimension,
                                  size_t count, float *scores) {
    for (size_t i = 0; i < count; i++) {
        if (i + CK_SCORES_AHEAD < count)
            ck_prefetch(rows[i + CK_SCORES_AHEAD], dimension * sizeof(float));
        scores[i] = ck_score_f32(query, rows[i], dimension, 0);
    }
}

static void ck_distances_rows_f32_avx512(const float *query, const float *const *rows,
                                       size_t dimension, size_t count, float *scores) {
    for (size_t i = 0; i < count; i++) {
        if (i + CK_SCORES_AHEAD < count)
            ck_prefetch(rows[i + CK_SCORES_AHEAD], dimension * sizeof(float));
        scores[i] = -ck_score_f32(query, rows[i], dimension, 1);
    }
}

CK_DEFINE_CODE_KERNELS(avx512)

#pragma clang attribute pop

const struct ck_code_kernels ck_code_kernels_avx512 = {
    .isa = 2,
    .dots_u4 = ck_dots_u4_x8,
    .gate_u4 = ck_gate_u4_avx512,
    .gate_rows_u4 = ck_gate_rows_u4_x8,
    .gate_batch_u4 = ck_gate_batch_u4_avx512,
    .estimate_rows_u4 = ck_estimate_rows_u4_x8,
    .multipliers_u4 = ck_multipliers_u4_avx512,
    .dots_i8 = ck_dots_i8_avx512,
    .dots_rows_f32 = ck_dots_rows_f32_avx512,
    .distances_rows_f32 = ck_distances_rows_f32_avx512,
    .rotate_f32 = ck_rotate_f32_avx512,
    .encode_u4 = ck_encode_u4_avx512,
};
#endif
