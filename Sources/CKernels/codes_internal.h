// Shared by the instruction sets' files of the exact index. The plain C below is vectorised by
// clang for whatever target the including function has; it fixes the order of every sum itself.
#ifndef CK_CODES_INTERNAL_H
#define CK_CODES_INTERNAL_H

#include "CodeKernels.h"
#include "internal.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wunused-function"
#endif

extern const struct ck_code_kernels ck_code_kernels_scalar;
#if defined(__x86_64__)
extern const struct ck_code_kernels ck_code_kernels_avx2;
extern const struct ck_code_kernels ck_code_kernels_avx512;
#endif
#if defined(__aarch64__)
extern const struct ck_code_kernels ck_code_kernels_neon;
#endif

/// Rows that are read ahead of the one that is scored.
#define CK_ROWS_AHEAD 16
/// f32 rows that are read ahead of the one that is scored.
#define CK_SCORES_AHEAD 6

CK_INLINE float ck_bound(const struct ck_code_query *query, const struct ck_code_header *header,
                         int32_t dot) {
    const float whole = (float)(2 * dot - query->offset);
    float bound = __builtin_fmaf(header->scale, whole * query->unit, query->constant);
    bound = __builtin_fmaf(query->residual, header->residual, bound);
    bound = __builtin_fmaf(query->norm, header->norm, bound);
    return __builtin_fmaf(query->square, header->square, bound);
}

CK_INLINE float ck_estimate(const struct ck_code_query *query, const struct ck_code_header *header,
                            int32_t dot) {
    const float whole = (float)(2 * dot - query->offset);
    const float t = header->square / (header->norm * header->norm + 0x1p-126f);
    const float estimate = __builtin_fmaf(header->scale * t, whole * query->unit, query->constant);
    return __builtin_fmaf(query->square, header->square, estimate);
}

/// The codes and header of a row that stands in slabs.
CK_INLINE const uint8_t *ck_slab_row(const struct ck_code_slabs *slabs, uint32_t row,
                                     const struct ck_code_header **header) {
    const uint32_t per_slab = slabs->rows_per_slab, place = row % per_slab;
    const uint8_t *start = slabs->starts[row / per_slab];
    *header = (const struct ck_code_header *)(const void *)(start + per_slab * slabs->stride) + place;
    return start + place * slabs->stride;
}

CK_INLINE void ck_prefetch(const void *start, size_t bytes) {
    for (size_t line = 0; line < bytes; line += 64)
        __builtin_prefetch((const char *)start + line, 0, 3);
}

CK_INLINE double ck_sum_lanes_f64(double *lanes, size_t count) {
    for (size_t half = count / 2; half > 0; half /= 2)
        for (size_t j = 0; j < half; j++) lanes[j] += lanes[j + half];
    return lanes[0];
}

/// The least f32 that is no less than `value`.
CK_INLINE float ck_round_up(double value) {
    const float nearest = (float)value;
    return (double)nearest < value ? nextafterf(nearest, INFINITY) : nearest;
}

CK_INLINE float ck_round_down(double value) {
    const float nearest = (float)value;
    return (double)nearest > value ? nextafterf(nearest, -INFINITY) : nearest;
}

/// Butterflies of one distance; eight values at least.
CK_INLINE void ck_butterflies(float *values, size_t count, size_t half) {
    for (size_t start = 0; start < count; start += 2 * half)
        for (size_t j = start; j < start + half; j++) {
            const float a = values[j], b = values[j + half];
            values[j] = a + b;
            values[j + half] = a - b;
        }
}

CK_INLINE void ck_hadamard(float *values, size_t count, float scale) {
    // Within 8 values everything stays in registers.
    for (float *v = values; v < values + count; v += 8) {
        const float a0 = v[0] + v[1], a1 = v[0] - v[1], a2 = v[2] + v[3], a3 = v[2] - v[3];
        const float a4 = v[4] + v[5], a5 = v[4] - v[5], a6 = v[6] + v[7], a7 = v[6] - v[7];
        const float b0 = a0 + a2, b1 = a1 + a3, b2 = a0 - a2, b3 = a1 - a3;
        const float b4 = a4 + a6, b5 = a5 + a7, b6 = a4 - a6, b7 = a5 - a7;
        v[0] = b0 + b4, v[1] = b1 + b5, v[2] = b2 + b6, v[3] = b3 + b7;
        v[4] = b0 - b4, v[5] = b1 - b5, v[6] = b2 - b6, v[7] = b3 - b7;
    }
    for (size_t half = 8; half < count; half *= 2) ck_butterflies(values, count, half);
    for (size_t j = 0; j < count; j++) values[j] *= scale;
}

CK_INLINE void ck_rotate(const uint32_t *signs, size_t dimension, float *values) {
    size_t count = 8;
    uint32_t power = 3;
    for (; count * 2 <= dimension; count *= 2) power++;
    // Even powers of the root of 1/2 are exact; odd ones are rounded once.
    float scale = power % 2 ? 0.70710678118654752f : 1;
    for (uint32_t i = 0; i < power / 2; i++) scale *= 0.5f;
    for (size_t round = 0; round < CK_ROTATION_ROUNDS; round++) {
        uint32_t bits;
        for (size_t j = 0; j < dimension; j++) {
            memcpy(&bits, values + j, sizeof bits);
            bits ^= signs[round * dimension + j];
            memcpy(values + j, &bits, sizeof bits);
        }
        ck_hadamard(values + (round % 2 ? dimension - count : 0), count, scale);
    }
}

/// Which of the 16 levels holds a value, as a whole number from 0 to 15.
CK_INLINE float ck_level(float value, float levels) {
    float level = value * levels + 8.0f;
    level = level < 0 ? 0 : level;
    level = level > 15 ? 15 : level;
    return (float)(int32_t)level;
}

/// <y, z>^2 / <z, z> for one step: the greater, the less is left over.
CK_INLINE float ck_energy(const float *values, size_t dimension, float levels, float *scale) {
    float products[CK_LANES] = {0}, squares[CK_LANES] = {0};
    for (size_t i = 0; i < dimension; i += CK_LANES)
        for (size_t j = 0; j < CK_LANES; j++) {
            const float z = ck_level(values[i + j], levels) - 7.5f;
            products[j] += values[i + j] * z;
            squares[j] += z * z;
        }
    const float product = ck_sum_lanes_f32(products), square = ck_sum_lanes_f32(squares);
    *scale = product / square;
    return product * *scale;
}

CK_INLINE void ck_encode(const float *values, size_t dimension, uint8_t *codes,
                         struct ck_code_header *header) {
    double lanes[16] = {0};
    for (size_t i = 0; i < dimension; i += 16)
        for (size_t j = 0; j < 16; j++) lanes[j] += (double)values[i + j] * (double)values[i + j];
    const double square = ck_sum_lanes_f64(lanes, 16), length = sqrt(square);
    *header = (struct ck_code_header){0};
    memset(codes, 0x77, dimension / 2);
    if (length == 0) return;
    if (!(length >= 0x1p-40 && length <= 0x1p40)) {
        header->residual = INFINITY;
        return;
    }
    // How many deviations the outermost levels reach.
    static const float reach[] = {2.3f, 2.55f, 2.8f, 3.1f};
    const float deviation = (float)(length / sqrt((double)dimension));
    float best = -1, levels = 0, scale = 0;
    for (size_t i = 0; i < sizeof reach / sizeof *reach; i++) {
        float candidate;
        const float tried = 8.0f / (reach[i] * deviation);
        const float energy = ck_energy(values, dimension, tried, &candidate);
        if (energy > best) best = energy, levels = tried, scale = candidate;
    }
    double left[16] = {0};
    int64_t odd_squares = 0;
    for (size_t i = 0; i < dimension; i += 64) {
        int32_t level[64], sum = 0;
        for (size_t j = 0; j < 64; j++) {
            level[j] = (int32_t)ck_level(values[i + j], levels);
            sum += (2 * level[j] - 15) * (2 * level[j] - 15);
        }
        odd_squares += sum;
        for (size_t j = 0; j < 64; j += 16)
            for (size_t lane = 0; lane < 16; lane++) {
                const double z = (double)level[j + lane] - 7.5;
                const double r = (double)values[i + j + lane] - (double)scale * z;
                left[lane] += r * r;
            }
        for (size_t j = 0; j < 32; j++)
            codes[i / 2 + j] = (uint8_t)(level[j] | level[j + 32] << 4);
    }
    // 1e-10 covers the roundings of f64 for every dimension.
    header->scale = scale;
    header->residual = ck_round_up(sqrt(ck_sum_lanes_f64(left, 16)) * (1 + 1e-10));
    header->norm =
        ck_round_up(fabs((double)scale) * sqrt((double)odd_squares) * 0.5 * (1 + 1e-10));
    header->square = ck_round_down(square * (1 - 1e-10));
}

CK_INLINE int32_t ck_multipliers(const uint8_t *codes, size_t stride, int8_t *low, int8_t *high) {
    int32_t sum = 0;
    // Bytes add up to less than 2^16 within 64 of them, so the sums need not be wide.
    for (size_t j = 0; j < stride; j += 32) {
        uint16_t part = 0;
        for (size_t i = j; i < j + 32; i++) {
            const uint8_t k_low = codes[i] & 15, k_high = codes[i] >> 4;
            low[i] = (int8_t)(2 * k_low - 15);
            high[i] = (int8_t)(2 * k_high - 15);
            part = (uint16_t)(part + k_low + k_high);
        }
        sum += part;
    }
    return 15 * (2 * sum - 30 * (int32_t)stride);
}

/// Defines the kernels that are the same C for every instruction set, under the suffix `isa`.
#define CK_DEFINE_CODE_KERNELS(isa)                                                               \
    static void ck_rotate_f32_##isa(const uint32_t *signs, size_t dimension, float *values) {     \
        ck_rotate(signs, dimension, values);                                                      \
    }                                                                                             \
    static int32_t ck_multipliers_u4_##isa(const uint8_t *codes, size_t stride, int8_t *low,      \
                                           int8_t *high) {                                        \
        return ck_multipliers(codes, stride, low, high);                                          \
    }                                                                                             \
    static void ck_encode_u4_##isa(const float *values, size_t dimension, uint8_t *codes,         \
                                   struct ck_code_header *header) {                               \
        ck_encode(values, dimension, codes, header);                                              \
    }

#endif
