// AVX-512 with VNNI: 64 bytes of codes a step, 32-bit sums that cannot saturate.
#include "codes_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,popcnt"))), \
    apply_to = function)

/// The sums of four registers' lanes, in each 128 bits of one register.
CK_INLINE __m512i ck_fold_x4(__m512i a, __m512i b, __m512i c, __m512i d) {
    const __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    const __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
    return _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
}

/// Eight registers' sums, in order.
CK_INLINE __m256i ck_reduce_x8(const __m512i sums[8]) {
    const __m512i a = ck_fold_x4(sums[0], sums[1], sums[2], sums[3]);
    const __m512i b = ck_fold_x4(sums[4], sums[5], sums[6], sums[7]);
    const __m512i half = _mm512_add_epi32(_mm512_shuffle_i64x2(a, b, 0x88),
                                          _mm512_shuffle_i64x2(a, b, 0xDD));
    return _mm256_add_epi32(_mm512_castsi512_si256(_mm512_shuffle_i64x2(half, half, 0x08)),
                            _mm512_castsi512_si256(_mm512_shuffle_i64x2(half, half, 0x0D)));
}

/// The bytes from `j` on, or what is left of them.
CK_INLINE __m512i ck_bytes(const void *bytes, size_t j, __mmask64 mask) {
    return mask == ~(__mmask64)0 ? _mm512_loadu_si512((const char *)bytes + j)
                                 : _mm512_maskz_loadu_epi8(mask, (const char *)bytes + j);
}

CK_INLINE void ck_step_x8(const int8_t *low, const int8_t *high, const uint8_t *const rows[8],
                          size_t j, __mmask64 mask, __m512i sums[8]) {
    const __m512i nibble = _mm512_set1_epi8(15);
    const __m512i q_low = ck_bytes(low, j, mask), q_high = ck_bytes(high, j, mask);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < 8; r++) {
        const __m512i bytes = ck_bytes(rows[r], j, mask);
        sums[r] = _mm512_dpbusd_epi32(sums[r], _mm512_and_si512(bytes, nibble), q_low);
        sums[r] = _mm512_dpbusd_epi32(
            sums[r], _mm512_and_si512(_mm512_srli_epi16(bytes, 4), nibble), q_high);
    }
}

CK_INLINE __m256i ck_dot_u4_x8(const int8_t *low, const int8_t *high, size_t stride,
                               const uint8_t *const rows[8]) {
    __m512i sums[8];
    for (size_t r = 0; r < 8; r++) sums[r] = _mm512_setzero_si512();
    size_t j = 0;
    for (; j + 64 <= stride; j += 64) ck_step_x8(low, high, rows, j, ~(__mmask64)0, sums);
    if (j < stride) ck_step_x8(low, high, rows, j, 0xFFFFFFFF, sums);
    return ck_reduce_x8(sums);
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

static void ck_estimate_rows_u4_avx512(const struct ck_code_query *query,
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
    const __m256i rows = _mm256_add_epi32(_mm256_set1_epi32((int)first),
                                          _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    _mm256_storeu_si256((__m256i *)(found + passed),
                        _mm256_maskz_compress_epi32((__mmask8)mask, rows));
    _mm256_storeu_ps(bounds + passed, _mm256_maskz_compress_ps((__mmask8)mask, bounds_f32x8));
    return passed + (size_t)__builtin_popcount(mask);
}

static size_t ck_gate_rows_u4_avx512(const struct ck_code_query *query, size_t stride,
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
    return passed + ck_gate_rows_u4_avx512(query, stride, codes, headers, rows, count - first,
                                         threshold, found + passed, bounds + passed);
}

static size_t ck_gate_u4_avx512(const struct ck_code_query *query, size_t stride,
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

/// Four rows against four queries: dots[q][first + r].
CK_INLINE void ck_dot_u4_4x4(const struct ck_code_query *const queries[4], size_t stride,
                             const uint8_t *rows, size_t first, int32_t dots[4][8]) {
    __m512i sums[16];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 16; i++) sums[i] = _mm512_setzero_si512();
    size_t j = 0;
    for (; j + 64 <= stride; j += 64) ck_step_4x4(queries, stride, rows, j, ~(__mmask64)0, sums);
    if (j < stride) ck_step_4x4(queries, stride, rows, j, 0xFFFFFFFF, sums);
#pragma clang loop unroll(full)
    for (size_t q = 0; q < 4; q += 2) {
        const __m256i pair = ck_reduce_x8(sums + 4 * q);
        _mm_storeu_si128((__m128i *)(dots[q] + first), _mm256_castsi256_si128(pair));
        _mm_storeu_si128((__m128i *)(dots[q + 1] + first), _mm256_extracti128_si256(pair, 1));
    }
}

static void ck_gate_batch_u4_avx512(const struct ck_code_query *queries, size_t query_count,
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
            ck_dot_u4_4x4(four, stride, base, 0, dots);
            ck_dot_u4_4x4(four, stride, base + 4 * stride, 4, dots);
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

static void ck_dots_u4_avx512(const int8_t *low, const int8_t *high, size_t stride,
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
    .dots_u4 = ck_dots_u4_avx512,
    .gate_u4 = ck_gate_u4_avx512,
    .gate_rows_u4 = ck_gate_rows_u4_avx512,
    .gate_batch_u4 = ck_gate_batch_u4_avx512,
    .estimate_rows_u4 = ck_estimate_rows_u4_avx512,
    .multipliers_u4 = ck_multipliers_u4_avx512,
    .dots_i8 = ck_dots_i8_avx512,
    .dots_rows_f32 = ck_dots_rows_f32_avx512,
    .distances_rows_f32 = ck_distances_rows_f32_avx512,
    .rotate_f32 = ck_rotate_f32_avx512,
    .encode_u4 = ck_encode_u4_avx512,
};
#endif
