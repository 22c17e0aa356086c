// Plain C for every processor, and the oracle of the other instruction sets.
#include "internal.h"

static void ck_dots_f32_scalar(const float *query, const float *rows, size_t dimension,
                               size_t count, float *scores) {
    for (size_t i = 0; i < count; i++) {
        const float *row = rows + i * dimension;
        float lanes[CK_LANES] = {0};
        for (size_t j = 0; j < dimension; j++)
            lanes[j % CK_LANES] = fmaf(query[j], row[j], lanes[j % CK_LANES]);
        scores[i] = ck_sum_lanes_f32(lanes);
    }
}

CK_DEFINE_ROW_KERNELS(scalar)

const struct ck_kernels ck_kernels_scalar = {
    .isa = CK_ISA_SCALAR,
    .dots_f32 = ck_dots_f32_scalar,
    .bias_gelu_f32 = ck_bias_gelu_f32_scalar,
    .bias_f32 = ck_bias_f32_scalar,
    .softmax_f32 = ck_softmax_f32_scalar,
    .layer_norm_f32 = ck_layer_norm_f32_scalar,
};
