// CKernels: every operation on one screen. C11, libc and intrinsics only; nothing here
// allocates, logs or keeps state beyond one dispatch table that is filled once, before main.
//
// All matrices are row-major and contiguous, all numbers little-endian f32. Lengths are counts
// of elements, never bytes. Pointers need no alignment. Counts of zero are allowed.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The instruction sets this library has kernels for, in rising order of preference.
enum ck_isa { CK_ISA_SCALAR = 0, CK_ISA_AVX2 = 1 };

/// One instruction set's kernels.
struct ck_kernels {
    enum ck_isa isa;

    /// scores[i] = sum over j of query[j] * rows[i * dimension + j], for i < count.
    /// Accumulates in 32 f32 lanes (element j goes to lane j mod 32) by fused multiply-add, then
    /// adds lanes pairwise (16, 8, 4, 2, 1): the same bits on every instruction set.
    /// Error <= (ceil(dimension / 32) + 5) * 2^-24 of the sum of absolute products.
    void (*dots_f32)(const float *query, const float *rows, size_t dimension, size_t count,
                     float *scores);

    /// values[r * width + j] = gelu(values[...] + bias[j]), gelu(x) = x * (1 + erf(x / sqrt 2)) / 2.
    /// Absolute error <= 5e-7 * max(1, |x|).
    void (*bias_gelu_f32)(float *values, const float *bias, size_t rows, size_t width);

    /// values[r * stride + j] += bias[j], for j < width.
    void (*bias_f32)(float *values, const float *bias, size_t rows, size_t width, size_t stride);

    /// Each row of `count` values becomes exp(scale * x - max) / sum. Relative error <= 1e-6.
    void (*softmax_f32)(float *values, float scale, size_t rows, size_t count);

    /// Each row becomes (v - mean) / sqrt(variance + epsilon) * gain + shift, where
    /// v = values + bias + residual; `bias` and `residual` may be null.
    void (*layer_norm_f32)(float *values, const float *bias, const float *residual,
                           const float *gain, const float *shift, float epsilon, size_t rows,
                           size_t width);
};

/// The kernels of the best instruction set that this processor has, or of the one that the
/// environment's CONDUCTOR_ISA names ("scalar", "avx2") where the processor has it.
/// Never null; the same pointer at every call.
const struct ck_kernels *ck_kernels_current(void);

/// The kernels of one instruction set, or null where the processor or the build lacks it.
const struct ck_kernels *ck_kernels_for(enum ck_isa isa);

/// sums[j] = sum over i < count of table[rows[i] * dimension + j], an f16 matrix (IEEE binary16).
/// Each value is widened to f32 exactly; the sum goes in the order of `rows`, one rounding a row:
/// the same bits on every instruction set. Error <= count * 2^-24 of the sum of magnitudes.
/// An `isa` that the processor lacks is served by scalar code.
void ck_sum_rows_f16(enum ck_isa isa, const uint16_t *table, const int32_t *rows, size_t count,
                     size_t dimension, float *sums);

#ifdef __cplusplus
}
#endif
#endif
