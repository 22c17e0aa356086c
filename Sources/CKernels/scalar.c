// Plain C for every processor, and the oracle of the other instruction sets.
#include "linear.h"

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

CK_INLINE void ck_tile_f32_scalar(const float *input, size_t stride, size_t rows, size_t inputs,
                                  const float *panel, const float *bias, float *output,
                                  size_t output_stride) {
    for (size_t r = 0; r < rows; r++) {
        float sums[CK_PANEL];
        memcpy(sums, bias, sizeof sums);
        for (size_t k = 0; k < inputs; k++)
            for (size_t j = 0; j < CK_PANEL; j++)
                sums[j] += input[r * stride + k] * panel[k * CK_PANEL + j];
        memcpy(output + r * output_stride, sums, sizeof sums);
    }
}

CK_INLINE void ck_tile_q8_scalar(struct ck_quantized_rows input, size_t rows, size_t groups,
                                 struct ck_quantized_panels panel, const float *bias,
                                 float *output, size_t output_stride) {
    for (size_t r = 0; r < rows; r++) {
        float sums[CK_PANEL];
        memcpy(sums, bias, sizeof sums);
        for (size_t group = 0; group < groups; group++) {
            const uint8_t *levels = input.levels + (r * groups + group) * 2 * panel.group;
            const int8_t *weights = panel.weights + group * panel.group * CK_PANEL;
            int32_t products[CK_PANEL] = {0};
            for (size_t k = 0; k < panel.group; k++)
                for (size_t j = 0; j < CK_PANEL; j++)
                    products[j] += levels[k] * weights[k * CK_PANEL + j];
            const float scale = input.scales[r * groups + group];
            const float shift = input.shifts[r * groups + group];
            for (size_t j = 0; j < CK_PANEL; j++) {
                const float step = scale * panel.scales[group * CK_PANEL + j];
                sums[j] = fmaf((float)products[j], step, sums[j]);
                sums[j] = fmaf(shift, panel.sums[group * CK_PANEL + j], sums[j]);
            }
        }
        memcpy(output + r * output_stride, sums, sizeof sums);
    }
}

static void ck_quantize_q8_scalar(const float *input, size_t stride, size_t rows, size_t inputs,
                                  struct ck_quantized_rows output) {
    const size_t size = output.group, groups = ck_groups(inputs, size);
    for (size_t r = 0; r < rows; r++)
        for (size_t group = 0; group < groups; group++) {
            const float *values = input + r * stride + group * size;
            const size_t count = ck_least(size, inputs - group * size);
            float least = 0, greatest = 0;
            for (size_t k = 0; k < count; k++) {
                least = values[k] < least ? values[k] : least;
                greatest = values[k] > greatest ? values[k] : greatest;
            }
            const float range = ck_usable_range(greatest - least);
            const float inverse = range > 0 ? 255.0f / range : 0;
            const long zero = lrintf(-least * inverse);
            uint8_t *levels = output.levels + (r * groups + group) * 2 * size;
            for (size_t k = 0; k < size; k++) {
                const long level = (k < count ? lrintf(values[k] * inverse) : 0) + zero;
                levels[k] = (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
            }
            const float scale = range / 255.0f;
            output.scales[r * groups + group] = scale;
            output.shifts[r * groups + group] = -(float)zero * scale;
        }
}

CK_DEFINE_KERNELS(scalar, 1, 1, 1, ck_gelu_values)
CK_DEFINE_ATTENTION(scalar, 1)

const struct ck_kernels ck_kernels_scalar = CK_KERNELS(CK_ISA_SCALAR, scalar);

size_t ck_attention_scratch(size_t length, size_t width) {
    const size_t padded = ck_panels(length) * CK_PANEL;
    return padded * width + ck_panels(width) * CK_PANEL * length + CK_QUERY_BLOCK * padded;
}
