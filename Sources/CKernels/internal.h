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

/// The fixed order in which 32 lanes become one number.
CK_INLINE float ck_sum_lanes_f32(float *lanes) {
    for (size_t half = CK_LANES / 2; half > 0; half /= 2)
        for (size_t j = 0; j < half; j++) lanes[j] += lanes[j + half];
    return lanes[0];
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

/// exp for x <= 0, by 2^n * polynomial; below -87 it returns about 1e-38.
/// Source: the range reduction of Cephes expf (public domain).
CK_INLINE float ck_exp_f32(float x) {
    x = x > -87.0f ? x : -87.0f;  // also what is no number
    const float magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
    const float n = (x * 1.44269504088896341f + magic) - magic;
    const float r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    const uint32_t bits = (uint32_t)((int32_t)n + 127) << 23;
    float scale;
    memcpy(&scale, &bits, sizeof scale);
    return p * scale;
}

CK_INLINE void ck_gelu_values(float *values, size_t count) {
    for (size_t j = 0; j < count; j++) {
        const float x = values[j];
        values[j] = 0.5f * x * (1.0f + ck_erf_f32(x * 0.70710678118654752f));
    }
}

CK_INLINE float ck_sum_f32(const float *values, size_t count) {
    float lanes[CK_LANES] = {0};
    size_t i = 0;
    for (; i + CK_LANES <= count; i += CK_LANES)
        for (size_t j = 0; j < CK_LANES; j++) lanes[j] += values[i + j];
    for (; i < count; i++) lanes[i % CK_LANES] += values[i];
    return ck_sum_lanes_f32(lanes);
}

CK_INLINE float ck_max_f32(const float *values, size_t count) {
    float lanes[CK_LANES];
    memcpy(lanes, values, sizeof lanes);
    for (size_t i = CK_LANES; i < count; i += CK_LANES)
        for (size_t j = 0; j < CK_LANES; j++)
            lanes[j] = values[i + j] > lanes[j] ? values[i + j] : lanes[j];
    for (size_t half = CK_LANES / 2; half > 0; half /= 2)
        for (size_t j = 0; j < half; j++)
            lanes[j] = lanes[j + half] > lanes[j] ? lanes[j + half] : lanes[j];
    return lanes[0];
}

/// Each row of `count` values becomes exp(x - max) / sum, x = scale * value + bias; relative error
/// <= 1e-6. Rows are `stride` apart, a multiple of CK_LANES; what stands behind `count` becomes 0, so
/// that no loop has a remainder. The bias may be null.
CK_INLINE void ck_softmax_rows(float *values, float scale, const float *bias,
                               ptrdiff_t bias_stride, size_t rows, size_t count, size_t stride) {
    // Only the last lanes can stand behind `count`.
    bool there[CK_LANES];
    const size_t last = stride - CK_LANES;
    for (size_t j = 0; j < CK_LANES; j++) there[j] = last + j < count;
    for (size_t r = 0; r < rows; r++) {
        float *row = values + r * stride;
        for (size_t j = 0; j < stride; j++) row[j] *= scale;
        if (bias)
            for (size_t j = 0; j < count; j++) row[j] += bias[(ptrdiff_t)r * bias_stride + (ptrdiff_t)j];
        for (size_t j = 0; j < CK_LANES; j++)
            row[last + j] = there[j] ? row[last + j] : -INFINITY;
        const float greatest = ck_max_f32(row, stride);
        for (size_t j = 0; j < stride; j++) row[j] = ck_exp_f32(row[j] - greatest);
        for (size_t j = 0; j < CK_LANES; j++) row[last + j] = there[j] ? row[last + j] : 0;
        const float share = 1.0f / ck_sum_f32(row, stride);
        for (size_t j = 0; j < stride; j++) row[j] *= share;
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
        float lanes[CK_LANES] = {0};
        size_t i = 0;
        for (; i + CK_LANES <= width; i += CK_LANES)
            for (size_t j = 0; j < CK_LANES; j++) {
                const float d = row[i + j] - mean;
                lanes[j] += d * d;
            }
        for (; i < width; i++) lanes[i % CK_LANES] += (row[i] - mean) * (row[i] - mean);
        const float variance = ck_sum_lanes_f32(lanes) / (float)width;
        const float factor = 1.0f / sqrtf(variance + epsilon);
        for (size_t j = 0; j < width; j++) row[j] = (row[j] - mean) * factor * gain[j] + shift[j];
    }
}

#endif
