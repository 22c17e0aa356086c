// Shared by the instruction sets' files. The static functions below are plain C that clang
// vectorises for whatever target the including function has; each file wraps them.
#ifndef CK_INTERNAL_H
#define CK_INTERNAL_H

#include "CKernels.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define CK_LANES 32
#define CK_INLINE static inline __attribute__((always_inline))

extern const struct ck_kernels ck_kernels_scalar;
#if defined(__x86_64__)
extern const struct ck_kernels ck_kernels_avx2;
extern const struct ck_kernels ck_kernels_avx512;
#endif

/// 32 lanes in as many registers as they take, and the halves that they are folded into. Functions
/// take them by pointer, as how they are passed depends on the instruction set.
typedef float ck_f32x32 __attribute__((vector_size(128), aligned(4), may_alias));
typedef int32_t ck_i32x32 __attribute__((vector_size(128), aligned(4), may_alias));
typedef float ck_f32x16 __attribute__((vector_size(64), aligned(4), may_alias));
typedef float ck_f32x8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float ck_f32x4 __attribute__((vector_size(16), aligned(4), may_alias));

#define CK_LOWER_8 0, 1, 2, 3, 4, 5, 6, 7
#define CK_UPPER_8 8, 9, 10, 11, 12, 13, 14, 15
#define CK_LOWER_16 CK_LOWER_8, CK_UPPER_8
#define CK_UPPER_16 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
#define CK_LANES_OF(lanes, ...) __builtin_shufflevector(lanes, lanes, __VA_ARGS__)
/// The lanes of `a` where the mask is -1, those of `b` where it is 0.
#define CK_CHOOSE_LANES(mask, a, b) \
    ((ck_f32x32)(((mask) & (ck_i32x32)(a)) | (~(mask) & (ck_i32x32)(b))))

/// The fixed order in which 32 lanes become one number.
CK_INLINE float ck_add_lanes_f32(const ck_f32x32 *lanes) {
    const ck_f32x16 a = CK_LANES_OF(*lanes, CK_LOWER_16) + CK_LANES_OF(*lanes, CK_UPPER_16);
    const ck_f32x8 b = CK_LANES_OF(a, CK_LOWER_8) + CK_LANES_OF(a, CK_UPPER_8);
    const ck_f32x4 c = CK_LANES_OF(b, 0, 1, 2, 3) + CK_LANES_OF(b, 4, 5, 6, 7);
    const ck_f32x4 d = c + CK_LANES_OF(c, 2, 3, 2, 3);
    return d[0] + d[1];
}

CK_INLINE float ck_sum_lanes_f32(const float *lanes) {
    return ck_add_lanes_f32((const ck_f32x32 *)lanes);
}

/// erf by a rational minimax approximation on [-4, 4].
/// Source: Eigen, unsupported SpecialFunctions (generic_fast_erf_float), MPL-2.0: coefficients only.
CK_INLINE float ck_erf_f32(float x) {
    x = x > 4.0f ? 4.0f : (x < -4.0f ? -4.0f : x);
    const float s = x * x;
    float p = -2.72614225801306e-10f;
    p = p * s + 2.77068142495902e-08f;
    p = p * s + -2.10102402082508e-06f;
    p = p * s + -5.69250639462346e-05f;
    p = p * s + -7.34990630326855e-04f;
    p = p * s + -2.95459980854025e-03f;
    p = p * s + -1.60960333262415e-02f;
    float q = -1.45660718464996e-05f;
    q = q * s + -2.13374055278905e-04f;
    q = q * s + -1.68282697438203e-03f;
    q = q * s + -7.37332916720468e-03f;
    q = q * s + -1.42647390514189e-02f;
    return x * p / q;
}

/// Each lane x <= 0 becomes exp(x), by 2^n * polynomial; below -87, about 1e-38.
/// Source: the range reduction of Cephes expf (public domain).
CK_INLINE void ck_exp_lanes_f32(ck_f32x32 *lanes) {
    const ck_f32x32 least = (ck_f32x32){0} - 87.0f;
    const ck_f32x32 x = CK_CHOOSE_LANES(*lanes > least, *lanes, least);  // also what is no number
    const float magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
    const ck_f32x32 n = (x * 1.44269504088896341f + magic) - magic;
    const ck_f32x32 r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
    ck_f32x32 p = (ck_f32x32){0} + 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    *lanes = p * (ck_f32x32)((__builtin_convertvector(n, ck_i32x32) + 127) << 23);
}

CK_INLINE void ck_gelu_values(float *values, size_t count) {
    for (size_t j = 0; j < count; j++) {
        const float x = values[j];
        values[j] = 0.5f * x * (1.0f + ck_erf_f32(x * 0.70710678118654752f));
    }
}

CK_INLINE float ck_sum_f32(const float *values, size_t count) {
    ck_f32x32 lanes = {0};
    size_t i = 0;
    for (; i + CK_LANES <= count; i += CK_LANES) lanes += *(const ck_f32x32 *)(values + i);
    for (; i < count; i++) lanes[i % CK_LANES] += values[i];
    return ck_add_lanes_f32(&lanes);
}

/// Each row of `count` values becomes exp(x - max) / sum, x = scale * value + bias; relative error
/// <= 1e-6. Rows are `stride` apart, a multiple of CK_LANES; what stands behind `count` becomes 0, so
/// that no loop has a remainder. The bias may be null.
CK_INLINE void ck_softmax_rows(float *values, float scale, const float *bias,
                               ptrdiff_t bias_stride, size_t rows, size_t count, size_t stride) {
    // Only the last lanes can stand behind `count`.
    const size_t last = stride - CK_LANES;
    int32_t is_there[CK_LANES];
    for (size_t j = 0; j < CK_LANES; j++) is_there[j] = last + j < count ? -1 : 0;
    const ck_i32x32 there = *(const ck_i32x32 *)is_there;
    const ck_f32x32 nothing = {0}, least = nothing - INFINITY;
    for (size_t r = 0; r < rows; r++) {
        float *row = values + r * stride;
        const float *added = bias ? bias + (ptrdiff_t)r * bias_stride : NULL;
        if (added)
            for (size_t j = 0; j < count; j++) row[j] = row[j] * scale + added[j];
        ck_f32x32 greatest = least;
        for (size_t i = 0; i < stride; i += CK_LANES) {
            ck_f32x32 lanes = *(const ck_f32x32 *)(row + i);
            if (!added) lanes *= scale;
            if (i == last) lanes = CK_CHOOSE_LANES(there, lanes, least);
            *(ck_f32x32 *)(row + i) = lanes;
            greatest = __builtin_elementwise_max(greatest, lanes);
        }
        const float most = __builtin_reduce_max(greatest);
        ck_f32x32 sums = nothing;
        for (size_t i = 0; i < stride; i += CK_LANES) {
            ck_f32x32 lanes = *(const ck_f32x32 *)(row + i) - most;
            ck_exp_lanes_f32(&lanes);
            if (i == last) lanes = CK_CHOOSE_LANES(there, lanes, nothing);
            *(ck_f32x32 *)(row + i) = lanes;
            sums += lanes;
        }
        const float share = 1.0f / ck_add_lanes_f32(&sums);
        for (size_t i = 0; i < stride; i += CK_LANES) *(ck_f32x32 *)(row + i) *= share;
    }
}

CK_INLINE void ck_layer_norm_rows(float *values, const float *residual, const float *gain,
                                  const float *shift, float epsilon, size_t rows,
                                  size_t width) {
    for (size_t r = 0; r < rows; r++) {
        float *row = values + r * width;
        if (residual)
            for (size_t j = 0; j < width; j++) row[j] += residual[r * width + j];
        const float mean = ck_sum_f32(row, width) / (float)width;
        ck_f32x32 squares = {0};
        size_t i = 0;
        for (; i + CK_LANES <= width; i += CK_LANES) {
            const ck_f32x32 d = *(const ck_f32x32 *)(row + i) - mean;
            squares += d * d;
        }
        for (; i < width; i++) squares[i % CK_LANES] += (row[i] - mean) * (row[i] - mean);
        const float variance = ck_add_lanes_f32(&squares) / (float)width;
        const float factor = 1.0f / sqrtf(variance + epsilon);
        for (size_t j = 0; j < width; j++) row[j] = (row[j] - mean) * factor * gain[j] + shift[j];
    }
}

#endif
