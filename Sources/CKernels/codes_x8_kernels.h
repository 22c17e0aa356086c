// The kernels of AVX2 and AVX-512 that take eight rows at a time. Whoever includes this has defined
// ck_dots_of_eight, ck_dots_of_eight_x4 and ck_keep_x8 for its instruction set.
#ifndef CK_CODES_X8_KERNELS_H
#define CK_CODES_X8_KERNELS_H

#include "codes_x8.h"

static void ck_estimate_rows_u4_x8(const struct ck_code_query *query,
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
            &local, ck_dots_of_eight(local.low, local.high, slabs->stride, r_codes), r_headers);
        if (count - i >= 8) {
            _mm256_storeu_ps(estimates + i, found);
        } else {
            float lanes[8];
            _mm256_storeu_ps(lanes, found);
            memcpy(estimates + i, lanes, (count - i) * sizeof *estimates);
        }
    }
}

/// Rows whose dots are made before the first of them meets its bound: the bounds' long chains of
/// operations would else wait in the way of the next rows' products.
#define CK_GATED_TOGETHER 128

static size_t ck_gate_rows_u4_x8(const struct ck_code_query *query, size_t stride,
                                 const uint8_t *codes, const struct ck_code_header *headers,
                                 const uint32_t *rows, size_t count, float threshold,
                                 uint32_t *found, float *bounds) {
    const struct ck_code_query local = *query;
    size_t passed = 0;
    __m256i dots_i32x8[CK_GATED_TOGETHER / 8];
    for (size_t first = 0; first < count; first += CK_GATED_TOGETHER) {
        const size_t end = first + CK_GATED_TOGETHER < count ? first + CK_GATED_TOGETHER : count;
        for (size_t i = first; i < end; i += 8) {
            const uint8_t *r_codes[8];
            for (size_t r = 0; r < 8; r++) {
                // Past the end, the last row stands in.
                r_codes[r] = codes + rows[i + r < count ? i + r : count - 1] * stride;
                if (i + r + CK_ROWS_AHEAD < count) {
                    const size_t ahead = rows[i + r + CK_ROWS_AHEAD];
                    ck_prefetch(codes + ahead * stride, stride);
                    __builtin_prefetch(headers + ahead, 0, 3);
                }
            }
            dots_i32x8[(i - first) / 8] = ck_dots_of_eight(local.low, local.high, stride, r_codes);
        }
        for (size_t i = first; i < end; i += 8) {
            const struct ck_code_header *r_headers[8];
            for (size_t r = 0; r < 8; r++)
                r_headers[r] = headers + rows[i + r < count ? i + r : count - 1];
            __m256 bounds_f32x8;
            uint32_t mask = ck_gate_x8(&local, dots_i32x8[(i - first) / 8], r_headers, threshold,
                                       &bounds_f32x8);
            if (count - i < 8) mask &= (1u << (count - i)) - 1;
            if (mask) passed = ck_keep(mask, bounds_f32x8, rows + i, passed, found, bounds);
        }
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
    return passed + ck_gate_rows_u4_x8(query, stride, codes, headers, rows, count - first,
                                       threshold, found + passed, bounds + passed);
}

/// The rows from `first` to `end`, both multiples of eight, by their dots: a register for each eight,
/// `step` registers apart.
CK_INLINE size_t ck_gate_dots(const struct ck_code_query *query, const __m256i *dots_i32x8,
                              size_t step, const struct ck_code_header *headers, size_t first,
                              size_t end, float threshold, size_t passed, uint32_t *found,
                              float *bounds) {
    for (size_t i = first; i < end; i += 8, dots_i32x8 += step) {
        const struct ck_code_header *r_headers[8];
        for (size_t r = 0; r < 8; r++) r_headers[r] = headers + i + r;
        __m256 bounds_f32x8;
        const uint32_t mask = ck_gate_x8(query, *dots_i32x8, r_headers, threshold, &bounds_f32x8);
        passed = ck_keep_x8(mask, bounds_f32x8, (uint32_t)i, passed, found, bounds);
    }
    return passed;
}

CK_INLINE size_t ck_gate_in_order(const struct ck_code_query *query, size_t stride,
                                  const uint8_t *codes, const struct ck_code_header *headers,
                                  size_t count, float threshold, uint32_t *found, float *bounds) {
    const struct ck_code_query local = *query;
    const size_t whole = count / 8 * 8;
    size_t passed = 0;
    __m256i dots_i32x8[CK_GATED_TOGETHER / 8];
    for (size_t first = 0; first < whole; first += CK_GATED_TOGETHER) {
        const size_t end = first + CK_GATED_TOGETHER < whole ? first + CK_GATED_TOGETHER : whole;
        // One row after the other, as the processor itself reads ahead best.
        for (size_t i = first; i < end; i += 8) {
            const uint8_t *r_codes[8];
            for (size_t r = 0; r < 8; r++) r_codes[r] = codes + (i + r) * stride;
            dots_i32x8[(i - first) / 8] = ck_dots_of_eight(local.low, local.high, stride, r_codes);
        }
        passed = ck_gate_dots(&local, dots_i32x8, 1, headers, first, end, threshold, passed, found,
                              bounds);
    }
    if (whole == count) return passed;
    return ck_gate_last(&local, stride, codes, headers, whole, count, threshold, passed, found,
                        bounds);
}

CK_INLINE void ck_gate_batch_in_order(const struct ck_code_query *queries, size_t query_count,
                                      size_t stride, const uint8_t *codes,
                                      const struct ck_code_header *headers, size_t count,
                                      const float *thresholds, uint32_t *found, float *bounds,
                                      size_t *counts) {
    const size_t whole = count / 8 * 8;
    __m256i dots_i32x8[CK_GATED_TOGETHER / 8][4];
    for (size_t q = 0; q < query_count; q++) counts[q] = 0;
    for (size_t first = 0; first < whole; first += CK_GATED_TOGETHER) {
        const size_t end = first + CK_GATED_TOGETHER < whole ? first + CK_GATED_TOGETHER : whole;
        for (size_t four = 0; four < query_count; four += 4) {
            // Past the end, the last query stands in.
            const struct ck_code_query *q_four[4];
            for (size_t q = 0; q < 4; q++)
                q_four[q] = queries + (four + q < query_count ? four + q : query_count - 1);
            for (size_t i = first; i < end; i += 8)
                ck_dots_of_eight_x4(q_four, stride, codes + i * stride,
                                    dots_i32x8[(i - first) / 8]);
            for (size_t q = four; q < four + 4 && q < query_count; q++) {
                const struct ck_code_query local = queries[q];
                counts[q] = ck_gate_dots(&local, dots_i32x8[0] + (q - four), 4, headers, first, end,
                                         thresholds[q], counts[q], found + q * count,
                                         bounds + q * count);
            }
        }
    }
    if (whole == count) return;
    for (size_t q = 0; q < query_count; q++)
        counts[q] = ck_gate_last(queries + q, stride, codes, headers, whole, count, thresholds[q],
                                 counts[q], found + q * count, bounds + q * count);
}

static void ck_dots_u4_x8(const int8_t *low, const int8_t *high, size_t stride,
                          const uint8_t *codes, size_t count, int32_t *dots) {
    for (size_t i = 0; i < count; i += 8) {
        const uint8_t *rows[8];
        for (size_t r = 0; r < 8; r++)
            rows[r] = codes + (i + r < count ? i + r : count - 1) * stride;
        int32_t sums[8];
        _mm256_storeu_si256((__m256i *)sums, ck_dots_of_eight(low, high, stride, rows));
        memcpy(dots + i, sums, (count - i < 8 ? count - i : 8) * sizeof *dots);
    }
}

#endif
