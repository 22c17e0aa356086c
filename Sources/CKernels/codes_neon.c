// NEON with dot products (Armv8.2): 16 bytes of codes a step; levels 0 to 15 are valid as signed.
#include "codes_internal.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

CK_INLINE int32_t ck_dot_u4(const int8_t *low, const int8_t *high, size_t stride,
                            const uint8_t *codes) {
    const uint8x16_t nibble = vdupq_n_u8(15);
    int32x4_t a_i32x4 = vdupq_n_s32(0), b_i32x4 = a_i32x4;
    int32x4_t c_i32x4 = a_i32x4, d_i32x4 = a_i32x4;
    for (size_t j = 0; j < stride; j += 32) {
        const uint8x16_t first = vld1q_u8(codes + j), second = vld1q_u8(codes + j + 16);
        a_i32x4 = vdotq_s32(a_i32x4, vreinterpretq_s8_u8(vandq_u8(first, nibble)),
                            vld1q_s8(low + j));
        b_i32x4 = vdotq_s32(b_i32x4, vreinterpretq_s8_u8(vshrq_n_u8(first, 4)),
                            vld1q_s8(high + j));
        c_i32x4 = vdotq_s32(c_i32x4, vreinterpretq_s8_u8(vandq_u8(second, nibble)),
                            vld1q_s8(low + j + 16));
        d_i32x4 = vdotq_s32(d_i32x4, vreinterpretq_s8_u8(vshrq_n_u8(second, 4)),
                            vld1q_s8(high + j + 16));
    }
    return vaddvq_s32(vaddq_s32(vaddq_s32(a_i32x4, b_i32x4), vaddq_s32(c_i32x4, d_i32x4)));
}

static void ck_dots_u4_neon(const int8_t *low, const int8_t *high, size_t stride,
                            const uint8_t *codes, size_t count, int32_t *dots) {
    for (size_t i = 0; i < count; i++) dots[i] = ck_dot_u4(low, high, stride, codes + i * stride);
}

static size_t ck_gate_rows_u4_neon(const struct ck_code_query *query, size_t stride,
                                   const uint8_t *codes, const struct ck_code_header *headers,
                                   const uint32_t *rows, size_t count, float threshold,
                                   uint32_t *found, float *bounds) {
    const struct ck_code_query local = *query;
    size_t passed = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t row = rows ? rows[i] : i;
        if (rows && i + CK_ROWS_AHEAD < count)
            ck_prefetch(codes + rows[i + CK_ROWS_AHEAD] * stride, stride);
        const float bound = ck_bound(&local, headers + row,
                                     ck_dot_u4(local.low, local.high, stride, codes + row * stride));
        // Written in any case, so that nothing has to predict which rows pass.
        found[passed] = (uint32_t)row;
        bounds[passed] = bound;
        passed += !(bound < threshold);
    }
    return passed;
}

static size_t ck_gate_u4_neon(const struct ck_code_query *query, size_t stride,
                              const uint8_t *codes, const struct ck_code_header *headers,
                              size_t count, float threshold, uint32_t *found, float *bounds) {
    return ck_gate_rows_u4_neon(query, stride, codes, headers, NULL, count, threshold, found,
                                bounds);
}

/// Queries take turns over eight rows, which stay in the nearest cache.
static void ck_gate_batch_u4_neon(const struct ck_code_query *queries, size_t query_count,
                                  size_t stride, const uint8_t *codes,
                                  const struct ck_code_header *headers, size_t count,
                                  const float *thresholds, uint32_t *found, float *bounds,
                                  size_t *counts) {
    for (size_t q = 0; q < query_count; q++) counts[q] = 0;
    for (size_t block = 0; block < count; block += 8)
        for (size_t q = 0; q < query_count; q++) {
            uint32_t *own = found + q * count + counts[q];
            const size_t passed = ck_gate_u4_neon(
                queries + q, stride, codes + block * stride, headers + block,
                count - block < 8 ? count - block : 8, thresholds[q], own,
                bounds + q * count + counts[q]);
            for (size_t i = 0; i < passed; i++) own[i] += (uint32_t)block;
            counts[q] += passed;
        }
}

static void ck_estimate_rows_u4_neon(const struct ck_code_query *query,
                                       const struct ck_code_slabs *slabs, const uint32_t *rows,
                                       size_t count, float *estimates) {
    for (size_t i = 0; i < count; i++) {
        const struct ck_code_header *header;
        const uint8_t *codes = ck_slab_row(slabs, rows[i], &header);
        estimates[i] = ck_estimate(query, header,
                                   ck_dot_u4(query->low, query->high, slabs->stride, codes));
    }
}

static void ck_dots_i8_neon(const int8_t *query, const uint8_t *rows, size_t dimension,
                            size_t count, int32_t *dots) {
    for (size_t i = 0; i < count; i++) {
        const uint8_t *row = rows + i * dimension;
        int32x4_t sum_i32x4 = vdupq_n_s32(0);
        size_t j = 0;
        // Less 128 is the same bits with the highest flipped, read as signed.
        for (; j + 16 <= dimension; j += 16)
            sum_i32x4 = vdotq_s32(
                sum_i32x4, vreinterpretq_s8_u8(veorq_u8(vld1q_u8(row + j), vdupq_n_u8(0x80))),
                vld1q_s8(query + j));
        int32_t sum = vaddvq_s32(sum_i32x4);
        for (; j < dimension; j++) sum += ((int32_t)row[j] - 128) * query[j];
        dots[i] = sum;
    }
}

/// One row in the order of dots_f32: 32 lanes in eight registers, then their tree.
CK_INLINE float ck_score_f32(const float *query, const float *row, size_t dimension,
                             int is_distance) {
    float32x4_t sums[8];
    for (size_t i = 0; i < 8; i++) sums[i] = vdupq_n_f32(0);
    size_t j = 0;
    for (; j + CK_LANES <= dimension; j += CK_LANES)
#pragma clang loop unroll(full)
        for (size_t i = 0; i < 8; i++) {
            float32x4_t a = vld1q_f32(query + j + 4 * i), b = vld1q_f32(row + j + 4 * i);
            if (is_distance) a = b = vsubq_f32(a, b);
            sums[i] = vfmaq_f32(sums[i], a, b);
        }
    float lanes[CK_LANES];
    for (size_t i = 0; i < 8; i++) vst1q_f32(lanes + 4 * i, sums[i]);
    for (size_t lane = 0; j < dimension; j++, lane++) {
        const float difference = query[j] - row[j];
        lanes[lane] = is_distance ? __builtin_fmaf(difference, difference, lanes[lane])
                                  : __builtin_fmaf(query[j], row[j], lanes[lane]);
    }
    return ck_sum_lanes_f32(lanes);
}

static void ck_dots_rows_f32_neon(const float *query, const float *const *rows, size_t dimension,
                                  size_t count, float *scores) {
    for (size_t i = 0; i < count; i++) {
        if (i + 2 < count) ck_prefetch(rows[i + 2], dimension * sizeof(float));
        scores[i] = ck_score_f32(query, rows[i], dimension, 0);
    }
}

static void ck_distances_rows_f32_neon(const float *query, const float *const *rows,
                                       size_t dimension, size_t count, float *scores) {
    for (size_t i = 0; i < count; i++) {
        if (i + 2 < count) ck_prefetch(rows[i + 2], dimension * sizeof(float));
        scores[i] = -ck_score_f32(query, rows[i], dimension, 1);
    }
}

CK_DEFINE_CODE_KERNELS(neon)

#pragma clang attribute pop

const struct ck_code_kernels ck_code_kernels_neon = {
    .isa = 3,
    .dots_u4 = ck_dots_u4_neon,
    .gate_u4 = ck_gate_u4_neon,
    .gate_rows_u4 = ck_gate_rows_u4_neon,
    .gate_batch_u4 = ck_gate_batch_u4_neon,
    .estimate_rows_u4 = ck_estimate_rows_u4_neon,
    .multipliers_u4 = ck_multipliers_u4_neon,
    .dots_i8 = ck_dots_i8_neon,
    .dots_rows_f32 = ck_dots_rows_f32_neon,
    .distances_rows_f32 = ck_distances_rows_f32_neon,
    .rotate_f32 = ck_rotate_f32_neon,
    .encode_u4 = ck_encode_u4_neon,
};
#endif
