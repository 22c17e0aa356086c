// Plain C for every processor, and the oracle of the other instruction sets.
#include "codes_internal.h"

static int32_t ck_dot_u4_scalar(const int8_t *low, const int8_t *high, size_t stride,
                                const uint8_t *codes) {
    int32_t sum = 0;
    for (size_t j = 0; j < stride; j++)
        sum += (codes[j] & 15) * low[j] + (codes[j] >> 4) * high[j];
    return sum;
}

static void ck_dots_u4_scalar(const int8_t *low, const int8_t *high, size_t stride,
                              const uint8_t *codes, size_t count, int32_t *dots) {
    for (size_t i = 0; i < count; i++)
        dots[i] = ck_dot_u4_scalar(low, high, stride, codes + i * stride);
}

static size_t ck_gate_rows_u4_scalar(const struct ck_code_query *query, size_t stride,
                                     const uint8_t *codes, const struct ck_code_header *headers,
                                     const uint32_t *rows, size_t count, float threshold,
                                     uint32_t *found, float *bounds) {
    size_t passed = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t row = rows ? rows[i] : i;
        const int32_t dot =
            ck_dot_u4_scalar(query->low, query->high, stride, codes + row * stride);
        const float bound = ck_bound(query, headers + row, dot);
        if (bound < threshold) continue;
        found[passed] = (uint32_t)row;
        bounds[passed++] = bound;
    }
    return passed;
}

static size_t ck_gate_u4_scalar(const struct ck_code_query *query, size_t stride,
                                const uint8_t *codes, const struct ck_code_header *headers,
                                size_t count, float threshold, uint32_t *found, float *bounds) {
    return ck_gate_rows_u4_scalar(query, stride, codes, headers, NULL, count, threshold, found,
                                  bounds);
}

static void ck_gate_batch_u4_scalar(const struct ck_code_query *queries, size_t query_count,
                                    size_t stride, const uint8_t *codes,
                                    const struct ck_code_header *headers, size_t count,
                                    const float *thresholds, uint32_t *found, float *bounds,
                                    size_t *counts) {
    for (size_t i = 0; i < query_count; i++)
        counts[i] = ck_gate_u4_scalar(queries + i, stride, codes, headers, count, thresholds[i],
                                      found + i * count, bounds + i * count);
}

static void ck_estimate_rows_u4_scalar(const struct ck_code_query *query,
                                       const struct ck_code_slabs *slabs, const uint32_t *rows,
                                       size_t count, float *estimates) {
    for (size_t i = 0; i < count; i++) {
        const struct ck_code_header *header;
        const uint8_t *codes = ck_slab_row(slabs, rows[i], &header);
        estimates[i] = ck_estimate(query, header,
                                   ck_dot_u4_scalar(query->low, query->high, slabs->stride, codes));
    }
}

static void ck_dots_i8_scalar(const int8_t *query, const uint8_t *rows, size_t dimension,
                              size_t count, int32_t *dots) {
    for (size_t i = 0; i < count; i++) {
        int32_t sum = 0;
        for (size_t j = 0; j < dimension; j++)
            sum += ((int32_t)rows[i * dimension + j] - 128) * query[j];
        dots[i] = sum;
    }
}

static void ck_dots_rows_f32_scalar(const float *query, const float *const *rows, size_t dimension,
                                    size_t count, float *scores) {
    for (size_t i = 0; i < count; i++) {
        float lanes[CK_LANES] = {0};
        for (size_t j = 0; j < dimension; j++)
            lanes[j % CK_LANES] = fmaf(query[j], rows[i][j], lanes[j % CK_LANES]);
        scores[i] = ck_sum_lanes_f32(lanes);
    }
}

static void ck_distances_rows_f32_scalar(const float *query, const float *const *rows,
                                         size_t dimension, size_t count, float *scores) {
    for (size_t i = 0; i < count; i++) {
        float lanes[CK_LANES] = {0};
        for (size_t j = 0; j < dimension; j++) {
            const float difference = query[j] - rows[i][j];
            lanes[j % CK_LANES] = fmaf(difference, difference, lanes[j % CK_LANES]);
        }
        scores[i] = -ck_sum_lanes_f32(lanes);
    }
}

CK_DEFINE_CODE_KERNELS(scalar)

const struct ck_code_kernels ck_code_kernels_scalar = {
    .isa = 0,
    .dots_u4 = ck_dots_u4_scalar,
    .gate_u4 = ck_gate_u4_scalar,
    .gate_rows_u4 = ck_gate_rows_u4_scalar,
    .gate_batch_u4 = ck_gate_batch_u4_scalar,
    .estimate_rows_u4 = ck_estimate_rows_u4_scalar,
    .multipliers_u4 = ck_multipliers_u4_scalar,
    .dots_i8 = ck_dots_i8_scalar,
    .dots_rows_f32 = ck_dots_rows_f32_scalar,
    .distances_rows_f32 = ck_distances_rows_f32_scalar,
    .rotate_f32 = ck_rotate_f32_scalar,
    .encode_u4 = ck_encode_u4_scalar,
};
