// Linear layers and attention: everything around the tiles that each instruction set has its own.
// The static functions below are inlined into each instruction set's file; they take its tiles as
// arguments that the compiler sees through.
#ifndef CK_LINEAR_H
#define CK_LINEAR_H

#include "internal.h"

/// Calls `body` with the number of rows as a constant.
#define CK_UP_TO_SIX_ROWS(rows, body) \
    switch (rows) {                   \
        case 1: body(1); break;       \
        case 2: body(2); break;       \
        case 3: body(3); break;       \
        case 4: body(4); break;       \
        case 5: body(5); break;       \
        default: body(6);             \
    }

/// Rows of a block of queries in attention: their scores stay in the first-level cache.
#define CK_QUERY_BLOCK 24

/// `rows` x CK_PANEL outputs of one panel, accumulated onto `bias`.
typedef void ck_tile_f32(const float *input, size_t stride, size_t rows, size_t inputs,
                         const float *panel, const float *bias, float *output,
                         size_t output_stride);

/// The same of quantised rows; `groups` groups of `panel.group` inputs.
typedef void ck_tile_q8(struct ck_quantized_rows input, size_t rows, size_t groups,
                        struct ck_quantized_panels panel, const float *bias, float *output,
                        size_t output_stride);

/// GELU of `count` values in place.
typedef void ck_gelu(float *values, size_t count);

CK_INLINE size_t ck_panels(size_t outputs) { return (outputs + CK_PANEL - 1) / CK_PANEL; }
CK_INLINE size_t ck_groups(size_t inputs, size_t group) { return (inputs + group - 1) / group; }
CK_INLINE size_t ck_least(size_t a, size_t b) { return a < b ? a : b; }

/// Eight inputs of `count` outputs, 1...8: an 8 x 8 block is turned over. What stands in the place of
/// outputs that are not there reaches nothing.
CK_INLINE void ck_turn_block_f32(const float *rows, size_t stride, size_t count, float *columns,
                                 size_t column_stride) {
    ck_f32x8 a[8], b[8];
    for (size_t i = 0; i < 8; i++)
        memcpy(&a[i], rows + ck_least(i, count - 1) * stride, sizeof a[i]);
    // Pairs of rows, then pairs of pairs, then halves.
    for (size_t i = 0; i < 8; i += 2) {
        b[i] = __builtin_shufflevector(a[i], a[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        b[i + 1] = __builtin_shufflevector(a[i], a[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    for (size_t i = 0; i < 8; i += 4)
        for (size_t j = 0; j < 2; j++) {
            const ck_f32x8 low = b[i + j], high = b[i + j + 2];
            a[i + 2 * j] = __builtin_shufflevector(low, high, 0, 1, 8, 9, 4, 5, 12, 13);
            a[i + 2 * j + 1] = __builtin_shufflevector(low, high, 2, 3, 10, 11, 6, 7, 14, 15);
        }
    for (size_t i = 0; i < 4; i++) {
        b[i] = __builtin_shufflevector(a[i], a[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        b[i + 4] = __builtin_shufflevector(a[i], a[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
    for (size_t i = 0; i < 8; i++) memcpy(columns + i * column_stride, &b[i], sizeof b[i]);
}

CK_INLINE void ck_pack_panels_f32(const float *weights, size_t stride, size_t outputs,
                                  size_t inputs, float *panels) {
    for (size_t first = 0; first < outputs; first += CK_PANEL, panels += CK_PANEL * inputs) {
        const size_t width = ck_least(CK_PANEL, outputs - first);
        const float *rows = weights + first * stride;
        size_t k = 0;
        for (; k + 8 <= inputs; k += 8)
            for (size_t j = 0; j < width; j += 8)
                ck_turn_block_f32(rows + j * stride + k, stride, ck_least(8, width - j),
                                  panels + k * CK_PANEL + j, CK_PANEL);
        for (; k < inputs; k++)
            for (size_t j = 0; j < width; j++) panels[k * CK_PANEL + j] = rows[j * stride + k];
    }
}

/// A panel's outputs: where a tile is narrower than a panel it goes through a buffer.
CK_INLINE void ck_store_tile(const float *tile, size_t rows, size_t width, float *output,
                             size_t stride) {
    for (size_t r = 0; r < rows; r++) memcpy(output + r * stride, tile + r * CK_PANEL, width * 4);
}

/// A panel's bias where it stands, or copied with zeros for what is not there.
CK_INLINE const float *ck_panel_bias(struct ck_outputs outputs, size_t first, size_t width,
                                     float copy[CK_PANEL]) {
    if (outputs.bias && width == CK_PANEL) return outputs.bias + first;
    memset(copy, 0, CK_PANEL * sizeof *copy);
    if (outputs.bias) memcpy(copy, outputs.bias + first, width * sizeof *copy);
    return copy;
}

CK_INLINE void ck_gemm_tiles_f32(const float *input, size_t stride, size_t rows, size_t inputs,
                                 const float *panels, struct ck_outputs outputs,
                                 ck_tile_f32 *tile, size_t tile_rows, ck_gelu *gelu) {
    float buffer[16 * CK_PANEL];
    for (size_t first = 0; first < outputs.count; first += CK_PANEL, panels += CK_PANEL * inputs) {
        const size_t width = ck_least(CK_PANEL, outputs.count - first);
        float copy[CK_PANEL];
        const float *bias = ck_panel_bias(outputs, first, width, copy);
        for (size_t r = 0; r < rows; r += tile_rows) {
            const size_t count = ck_least(tile_rows, rows - r);
            float *target = outputs.values + r * outputs.stride + first;
            const bool fits = width == CK_PANEL;
            tile(input + r * stride, stride, count, inputs, panels, bias, fits ? target : buffer,
                 fits ? outputs.stride : CK_PANEL);
            if (!fits) ck_store_tile(buffer, count, width, target, outputs.stride);
            if (outputs.activation == CK_GELU)
                for (size_t i = 0; i < count; i++)
                    gelu(target + i * outputs.stride, width);
        }
    }
}

CK_INLINE void ck_gemm_tiles_q8(struct ck_quantized_rows input, size_t rows, size_t inputs,
                                struct ck_quantized_panels panels, struct ck_outputs outputs,
                                ck_tile_q8 *tile, size_t tile_rows, ck_gelu *gelu) {
    float buffer[16 * CK_PANEL];
    const size_t groups = ck_groups(inputs, panels.group);
    for (size_t first = 0; first < outputs.count; first += CK_PANEL) {
        const size_t width = ck_least(CK_PANEL, outputs.count - first);
        float copy[CK_PANEL];
        const float *bias = ck_panel_bias(outputs, first, width, copy);
        struct ck_quantized_rows block = input;
        for (size_t r = 0; r < rows; r += tile_rows) {
            const size_t count = ck_least(tile_rows, rows - r);
            float *target = outputs.values + r * outputs.stride + first;
            const bool fits = width == CK_PANEL;
            tile(block, count, groups, panels, bias, fits ? target : buffer,
                 fits ? outputs.stride : CK_PANEL);
            if (!fits) ck_store_tile(buffer, count, width, target, outputs.stride);
            if (outputs.activation == CK_GELU)
                for (size_t i = 0; i < count; i++)
                    gelu(target + i * outputs.stride, width);
            block.levels += tile_rows * groups * 2 * panels.group;
            block.scales += tile_rows * groups;
            block.shifts += tile_rows * groups;
        }
        panels.weights += CK_PANEL * panels.group * groups;
        panels.scales += CK_PANEL * groups;
        panels.sums += CK_PANEL * groups;
    }
}

/// A range as it can be cut into steps: one that is too small for its inverse, or no number, is 0.
CK_INLINE float ck_usable_range(float range) {
    return range > 1e-30f && range < INFINITY ? range : 0;
}

/// The greatest magnitude, by its bits: integers compare as the floats' magnitudes do.
CK_INLINE float ck_magnitude_f32(const float *values, size_t count) {
    uint32_t greatest = 0;
    for (size_t k = 0; k < count; k++) {
        uint32_t bits;
        memcpy(&bits, values + k, sizeof bits);
        bits &= 0x7FFFFFFF;
        greatest = bits > greatest ? bits : greatest;
    }
    float result;
    memcpy(&result, &greatest, sizeof result);
    return result;
}

/// A group of one output's weights, quantised; returns the scale.
CK_INLINE float ck_quantize_weights(const float *weights, size_t count,
                                    int8_t levels[CK_LARGEST_GROUP]) {
#pragma STDC FP_CONTRACT OFF
    const float greatest = ck_usable_range(ck_magnitude_f32(weights, count));
    const float inverse = greatest > 0 ? 127.0f / greatest : 0;
    const float magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
    for (size_t k = 0; k < count; k++)
        levels[k] =
            greatest > 0 ? (int8_t)(int32_t)((weights[k] * inverse + magic) - magic) : (int8_t)0;
    for (size_t k = count; k < CK_LARGEST_GROUP; k++) levels[k] = 0;
    return greatest / 127.0f;
}

/// Packs quantised weights; `unit` inputs of an output stand side by side.
CK_INLINE void ck_pack_panels_q8(const float *weights, size_t outputs, size_t inputs,
                                 struct ck_quantized_panels panels, size_t unit) {
    const size_t size = panels.group, groups = ck_groups(inputs, size);
    for (size_t first = 0; first < outputs; first += CK_PANEL)
        for (size_t group = 0; group < groups; group++) {
            for (size_t j = 0; j < CK_PANEL; j++) {
                int8_t levels[CK_LARGEST_GROUP] = {0};
                float scale = 0;
                if (first + j < outputs)
                    scale = ck_quantize_weights(
                        weights + (first + j) * inputs + group * size,
                        ck_least(size, inputs - group * size), levels);
                int32_t sum = 0;
                for (size_t k = 0; k < size; k++) sum += levels[k];
                for (size_t k = 0; k < size; k += unit)
                    memcpy(panels.weights + k * CK_PANEL + j * unit, levels + k, unit);
                panels.scales[j] = scale;
                panels.sums[j] = (float)sum * scale;
            }
            panels.weights += CK_PANEL * size;
            panels.scales += CK_PANEL;
            panels.sums += CK_PANEL;
        }
}

/// Self-attention of one text; see ck_kernels.attention_f32.
CK_INLINE void ck_attend(const float *states, size_t stride, size_t length,
                         struct ck_queries queries, size_t heads, size_t width,
                         const float *relative, size_t relative_stride, float *output,
                         size_t output_stride, float *scratch, ck_tile_f32 *tile,
                         size_t tile_rows) {
    const size_t hidden = heads * width;
    const size_t padded = ck_panels(length) * CK_PANEL;
    float *keys = scratch, *values = keys + padded * width;
    float *scores = values + ck_panels(width) * CK_PANEL * length;
    const float scale = 1.0f / sqrtf((float)width);
    for (size_t head = 0; head < heads; head++) {
        const float *query = states + head * width;
        ck_pack_panels_f32(query + hidden, stride, length, width, keys);
        for (size_t first = 0; first < width; first += CK_PANEL) {
            float *panel = values + first * length;
            const size_t count = ck_least(CK_PANEL, width - first);
            for (size_t key = 0; key < length; key++)
                memcpy(panel + key * CK_PANEL, query + key * stride + 2 * hidden + first, count * 4);
        }
        for (size_t done = 0; done < queries.count; done += CK_QUERY_BLOCK) {
            const size_t first = queries.first + done;
            const size_t rows = ck_least(CK_QUERY_BLOCK, queries.count - done);
            const struct ck_outputs products = {scores, padded, padded, NULL, CK_IDENTITY};
            ck_gemm_tiles_f32(query + first * stride, stride, rows, width, keys, products, tile,
                              tile_rows, ck_gelu_values);
            const float *bias = relative ? relative + head * relative_stride - first : NULL;
            ck_softmax_rows(scores, scale, bias, -1, rows, length, padded);
            const struct ck_outputs sums = {output + done * output_stride + head * width,
                                            output_stride, width, NULL, CK_IDENTITY};
            ck_gemm_tiles_f32(scores, padded, rows, length, values, sums, tile, tile_rows,
                              ck_gelu_values);
        }
    }
}

/// Defines the kernels that are the same C for every instruction set, from its tiles.
#define CK_DEFINE_KERNELS(isa, f32_rows, q8_rows, unit, gelu)                                     \
    static void ck_gelu_f32_##isa(float *values, size_t count) { gelu(values, count); }           \
    static void ck_layer_norm_f32_##isa(float *values, const float *residual, const float *gain,  \
                                        const float *shift, float epsilon, size_t rows,           \
                                        size_t width) {                                           \
        ck_layer_norm_rows(values, residual, gain, shift, epsilon, rows, width);                  \
    }                                                                                             \
    static void ck_pack_f32_##isa(const float *weights, size_t stride, size_t outputs,            \
                                  size_t inputs, float *panels) {                                 \
        ck_pack_panels_f32(weights, stride, outputs, inputs, panels);                             \
    }                                                                                             \
    static void ck_gemm_f32_##isa(const float *input, size_t stride, size_t rows, size_t inputs,  \
                                  const float *panels, struct ck_outputs outputs) {               \
        ck_gemm_tiles_f32(input, stride, rows, inputs, panels, outputs, ck_tile_f32_##isa,        \
                          f32_rows, gelu);                                                        \
    }                                                                                             \
    static void ck_pack_q8_##isa(const float *weights, size_t outputs, size_t inputs,             \
                                 struct ck_quantized_panels panels) {                             \
        ck_pack_panels_q8(weights, outputs, inputs, panels, unit);                                \
    }                                                                                             \
    static void ck_gemm_q8_##isa(struct ck_quantized_rows input, size_t rows, size_t inputs,      \
                                 struct ck_quantized_panels panels, struct ck_outputs outputs) {  \
        ck_gemm_tiles_q8(input, rows, inputs, panels, outputs, ck_tile_q8_##isa, q8_rows, gelu);  \
    }

/// Defines attention that goes through the tiles whatever a text's length.
#define CK_DEFINE_ATTENTION(isa, f32_rows)                                                        \
    static void ck_attention_f32_##isa(const float *states, size_t stride, size_t length,         \
                                       struct ck_queries queries, size_t heads, size_t width,     \
                                       const float *relative, size_t relative_stride,             \
                                       float *output, size_t output_stride, float *scratch) {     \
        ck_attend(states, stride, length, queries, heads, width, relative, relative_stride,       \
                  output, output_stride, scratch, ck_tile_f32_##isa, f32_rows);                   \
    }

#define CK_KERNELS(isa_value, isa_name)                                                           \
    {                                                                                             \
        .isa = isa_value, .dots_f32 = ck_dots_f32_##isa_name, .gelu_f32 = ck_gelu_f32_##isa_name, \
        .layer_norm_f32 = ck_layer_norm_f32_##isa_name, .pack_f32 = ck_pack_f32_##isa_name,       \
        .gemm_f32 = ck_gemm_f32_##isa_name, .pack_q8 = ck_pack_q8_##isa_name,                     \
        .quantize_q8 = ck_quantize_q8_##isa_name, .gemm_q8 = ck_gemm_q8_##isa_name,               \
        .attention_f32 = ck_attention_f32_##isa_name,                                             \
    }

#endif
