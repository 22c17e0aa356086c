// CKernels: every operation on one screen. C11, libc and intrinsics only; nothing here
// allocates, logs or keeps state beyond one dispatch table that is filled once, before main.
//
// All matrices are row-major and contiguous, all numbers little-endian f32. Lengths are counts
// of elements, never bytes. Pointers need no alignment. Counts of zero are allowed.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "CodeKernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The instruction sets this library has kernels for, in rising order of preference.
enum ck_isa { CK_ISA_SCALAR = 0, CK_ISA_AVX2 = 1, CK_ISA_AVX512 = 2 };

/// Outputs that stand side by side in packed weights.
#define CK_PANEL 32
/// The most inputs that share a scale in quantised weights and rows: a group has 64 or 128.
#define CK_LARGEST_GROUP 128

/// What is done with the outputs of a linear layer.
enum ck_activation { CK_IDENTITY = 0, CK_GELU = 1 };

/// Where the outputs of a linear layer go: row r, output j to values[r * stride + j].
struct ck_outputs {
    float *values;
    size_t stride;
    size_t count;
    /// `count` values, added to each row; may be null.
    const float *bias;
    enum ck_activation activation;
};

/// Quantised rows: every `group` inputs of a row, 64 or 128, have a scale and a shift, so that an
/// input is about scale * level + shift, levels 0...255. `levels` has room for 2 * `group` bytes a
/// group, in a layout of the instruction set's own.
struct ck_quantized_rows {
    size_t group;
    uint8_t *levels;
    float *scales;
    float *shifts;
};

/// Quantised weights in panels of CK_PANEL outputs: CK_PANEL * `group` bytes a panel and group, in
/// a layout of the instruction set's own; beside them each output's scale in the group and the sum
/// of its group's weights times that scale.
struct ck_quantized_panels {
    size_t group;
    int8_t *weights;
    float *scales;
    float *sums;
};

/// Rows of a text whose attention is wanted: `count` from `first` on.
struct ck_queries {
    size_t first;
    size_t count;
};

/// One instruction set's kernels.
struct ck_kernels {
    enum ck_isa isa;

    /// scores[i] = sum over j of query[j] * rows[i * dimension + j], for i < count.
    /// Accumulates in 32 f32 lanes (element j goes to lane j mod 32) by fused multiply-add, then
    /// adds lanes pairwise (16, 8, 4, 2, 1): the same bits on every instruction set.
    /// Error <= (ceil(dimension / 32) + 5) * 2^-24 of the sum of absolute products.
    void (*dots_f32)(const float *query, const float *rows, size_t dimension, size_t count,
                     float *scores);

    /// gelu(x) = x * (1 + erf(x / sqrt 2)) / 2 of each value in place.
    /// Absolute error <= 5e-7 * max(1, |x|).
    void (*gelu_f32)(float *values, size_t count);

    /// Each row becomes (v - mean) / sqrt(variance + epsilon) * gain + shift, where
    /// v = values + residual; `residual` may be null.
    void (*layer_norm_f32)(float *values, const float *residual, const float *gain,
                           const float *shift, float epsilon, size_t rows, size_t width);

    /// Packs `outputs` rows of `inputs` values, `stride` apart, for gemm_f32: panels of CK_PANEL
    /// outputs, input by input. `panels` takes CK_PANEL * inputs values for each panel begun; what
    /// stands beyond the last output is unspecified and reaches no output.
    void (*pack_f32)(const float *weights, size_t stride, size_t outputs, size_t inputs,
                     float *panels);

    /// outputs = activation(input * weights + bias) for rows of `inputs` values, `stride` apart.
    /// An output is accumulated in f32, input after input, by fused multiply-add where the
    /// instruction set has it: the same bits for any number of rows.
    void (*gemm_f32)(const float *input, size_t stride, size_t rows, size_t inputs,
                     const float *panels, struct ck_outputs outputs);

    /// Quantises `outputs` rows of `inputs` weights to -127...127 for gemm_q8; inputs beyond the
    /// last group's end and outputs beyond the last panel's are zero.
    void (*pack_q8)(const float *weights, size_t outputs, size_t inputs,
                    struct ck_quantized_panels panels);

    /// Quantises rows of `inputs` values, `stride` apart: in each group the range from the least
    /// to the greatest value and 0 is cut into 255 steps.
    void (*quantize_q8)(const float *input, size_t stride, size_t rows, size_t inputs,
                        struct ck_quantized_rows output);

    /// outputs = activation(input * weights + bias). A group's sum is exact (i32); groups are added
    /// in f32, in order, by fused multiply-add: the same bits on every instruction set for rows of
    /// finite values, but for GELU, whose last bits may differ. Rows and panels have the same
    /// `group`.
    void (*gemm_q8)(struct ck_quantized_rows input, size_t rows, size_t inputs,
                    struct ck_quantized_panels panels, struct ck_outputs outputs);

    /// Self-attention of one text: `length` rows of 3 * heads * width values (queries, keys,
    /// values), `stride` apart, become rows of heads * width values, `output_stride` apart, one for
    /// each of `queries`. An output depends on its query and on the keys and values alone.
    /// `relative`, where not null, adds relative[head * relative_stride + j - i] to the score of
    /// query i and key j; it is readable from -(length - 1) to length - 1.
    /// `scratch` takes ck_attention_scratch(length, width) initialised values, whatever they are.
    void (*attention_f32)(const float *states, size_t stride, size_t length,
                          struct ck_queries queries, size_t heads, size_t width,
                          const float *relative, size_t relative_stride, float *output,
                          size_t output_stride, float *scratch);
};

/// Lets the processor's other work go first for a moment, in a loop that waits for a thread.
void ck_pause(void);

/// The values of scratch that attention_f32 needs.
size_t ck_attention_scratch(size_t length, size_t width);

/// The kernels of the best instruction set that this processor has, or of the one that the
/// environment's CONDUCTOR_ISA names ("scalar", "avx2", "avx512") where the processor has it.
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
