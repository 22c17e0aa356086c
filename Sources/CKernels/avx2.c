// AVX2 with FMA, eight f32 lanes a register. The target attribute below replaces compiler flags,
// so that one build holds every instruction set.
#include "linear.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

static float ck_dot_f32_avx2(const float *query, const float *row, size_t dimension) {
    __m256 a_f32x8 = _mm256_setzero_ps(), b_f32x8 = a_f32x8, c_f32x8 = a_f32x8, d_f32x8 = a_f32x8;
    size_t j = 0;
    for (; j + CK_LANES <= dimension; j += CK_LANES) {
        a_f32x8 = _mm256_fmadd_ps(_mm256_loadu_ps(query + j), _mm256_loadu_ps(row + j), a_f32x8);
        b_f32x8 =
            _mm256_fmadd_ps(_mm256_loadu_ps(query + j + 8), _mm256_loadu_ps(row + j + 8), b_f32x8);
        c_f32x8 = _mm256_fmadd_ps(_mm256_loadu_ps(query + j + 16), _mm256_loadu_ps(row + j + 16),
                                  c_f32x8);
        d_f32x8 = _mm256_fmadd_ps(_mm256_loadu_ps(query + j + 24), _mm256_loadu_ps(row + j + 24),
                                  d_f32x8);
    }
    if (j < dimension) {
        float lanes[CK_LANES];
        _mm256_storeu_ps(lanes, a_f32x8);
        _mm256_storeu_ps(lanes + 8, b_f32x8);
        _mm256_storeu_ps(lanes + 16, c_f32x8);
        _mm256_storeu_ps(lanes + 24, d_f32x8);
        for (size_t lane = 0; j < dimension; j++, lane++)
            lanes[lane] = __builtin_fmaf(query[j], row[j], lanes[lane]);
        return ck_sum_lanes_f32(lanes);
    }
    const __m256 sum_f32x8 =
        _mm256_add_ps(_mm256_add_ps(a_f32x8, c_f32x8), _mm256_add_ps(b_f32x8, d_f32x8));
    __m128 sum_f32x4 =
        _mm_add_ps(_mm256_castps256_ps128(sum_f32x8), _mm256_extractf128_ps(sum_f32x8, 1));
    sum_f32x4 = _mm_add_ps(sum_f32x4, _mm_movehl_ps(sum_f32x4, sum_f32x4));
    sum_f32x4 = _mm_add_ss(sum_f32x4, _mm_movehdup_ps(sum_f32x4));
    return _mm_cvtss_f32(sum_f32x4);
}

static void ck_dots_f32_avx2(const float *query, const float *rows, size_t dimension, size_t count,
                             float *scores) {
    for (size_t i = 0; i < count; i++)
        scores[i] = ck_dot_f32_avx2(query, rows + i * dimension, dimension);
}

/// Six rows by half a panel: twelve sums in registers.
CK_INLINE void ck_half_tile_f32_avx2(const float *input, size_t stride, const size_t rows,
                                     size_t inputs, const float *panel, const float *bias,
                                     float *output, size_t output_stride) {
    __m256 sums_f32x8[6][2];
    for (size_t r = 0; r < rows; r++) {
        sums_f32x8[r][0] = _mm256_loadu_ps(bias);
        sums_f32x8[r][1] = _mm256_loadu_ps(bias + 8);
    }
    for (size_t k = 0; k < inputs; k++) {
        const __m256 low_f32x8 = _mm256_loadu_ps(panel + k * CK_PANEL);
        const __m256 high_f32x8 = _mm256_loadu_ps(panel + k * CK_PANEL + 8);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
            const __m256 value_f32x8 = _mm256_broadcast_ss(input + r * stride + k);
            sums_f32x8[r][0] = _mm256_fmadd_ps(value_f32x8, low_f32x8, sums_f32x8[r][0]);
            sums_f32x8[r][1] = _mm256_fmadd_ps(value_f32x8, high_f32x8, sums_f32x8[r][1]);
        }
    }
    for (size_t r = 0; r < rows; r++) {
        _mm256_storeu_ps(output + r * output_stride, sums_f32x8[r][0]);
        _mm256_storeu_ps(output + r * output_stride + 8, sums_f32x8[r][1]);
    }
}

CK_INLINE void ck_tile_f32_avx2(const float *input, size_t stride, size_t rows, size_t inputs,
                                const float *panel, const float *bias, float *output,
                                size_t output_stride) {
    for (size_t half = 0; half < CK_PANEL; half += 16) {
#define CK_BODY(count)                                                                         \
    ck_half_tile_f32_avx2(input, stride, count, inputs, panel + half, bias + half, output + half, \
                          output_stride)
        CK_UP_TO_SIX_ROWS(rows, CK_BODY)
#undef CK_BODY
    }
}

/// One group of six rows by half a panel. Levels are u16 and weights are widened to i16, because
/// the products of u8 and i8 that AVX2 has saturate; pairs of inputs stand side by side.
CK_INLINE void ck_half_group_q8_avx2(const uint8_t *levels, size_t stride, const size_t rows,
                                     size_t size, const int8_t *weights,
                                     __m256i products_i32x8[6][2]) {
    for (size_t r = 0; r < rows; r++)
        products_i32x8[r][0] = products_i32x8[r][1] = _mm256_setzero_si256();
    for (size_t pair = 0; pair < size / 2; pair++) {
        const __m128i *source_i8x16 = (const __m128i *)(weights + pair * 2 * CK_PANEL);
        const __m256i low_i16x16 = _mm256_cvtepi8_epi16(_mm_loadu_si128(source_i8x16));
        const __m256i high_i16x16 = _mm256_cvtepi8_epi16(_mm_loadu_si128(source_i8x16 + 1));
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
            int32_t both;
            memcpy(&both, levels + r * stride + pair * 4, sizeof both);
            const __m256i level_i16x16 = _mm256_set1_epi32(both);
            products_i32x8[r][0] = _mm256_add_epi32(
                products_i32x8[r][0], _mm256_madd_epi16(level_i16x16, low_i16x16));
            products_i32x8[r][1] = _mm256_add_epi32(
                products_i32x8[r][1], _mm256_madd_epi16(level_i16x16, high_i16x16));
        }
    }
}

CK_INLINE void ck_half_tile_q8_avx2(struct ck_quantized_rows input, const size_t rows,
                                    size_t groups, struct ck_quantized_panels panel,
                                    const float *bias, float *output, size_t output_stride) {
    const size_t size = panel.group;
    float sums[6][16];
    for (size_t r = 0; r < rows; r++) memcpy(sums[r], bias, sizeof sums[r]);
    for (size_t group = 0; group < groups; group++) {
        __m256i products_i32x8[6][2];
        ck_half_group_q8_avx2(input.levels + group * 2 * size, groups * 2 * size, rows, size,
                              panel.weights + group * size * CK_PANEL, products_i32x8);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
            const __m256 scale_f32x8 = _mm256_broadcast_ss(input.scales + r * groups + group);
            const __m256 shift_f32x8 = _mm256_broadcast_ss(input.shifts + r * groups + group);
#pragma clang loop unroll(full)
            for (size_t part = 0; part < 2; part++) {
                const size_t at = group * CK_PANEL + part * 8;
                __m256 sum_f32x8 = _mm256_loadu_ps(sums[r] + part * 8);
                sum_f32x8 = _mm256_fmadd_ps(
                    _mm256_cvtepi32_ps(products_i32x8[r][part]),
                    _mm256_mul_ps(scale_f32x8, _mm256_loadu_ps(panel.scales + at)), sum_f32x8);
                sum_f32x8 =
                    _mm256_fmadd_ps(shift_f32x8, _mm256_loadu_ps(panel.sums + at), sum_f32x8);
                _mm256_storeu_ps(sums[r] + part * 8, sum_f32x8);
            }
        }
    }
    for (size_t r = 0; r < rows; r++) memcpy(output + r * output_stride, sums[r], sizeof sums[r]);
}

CK_INLINE void ck_tile_q8_avx2(struct ck_quantized_rows input, size_t rows, size_t groups,
                               struct ck_quantized_panels panel, const float *bias, float *output,
                               size_t output_stride) {
    for (size_t half = 0; half < CK_PANEL; half += 16) {
        const struct ck_quantized_panels part = {panel.group, panel.weights + 2 * half,
                                                 panel.scales + half, panel.sums + half};
#define CK_BODY(count) \
    ck_half_tile_q8_avx2(input, count, groups, part, bias + half, output + half, output_stride)
        CK_UP_TO_SIX_ROWS(rows, CK_BODY)
#undef CK_BODY
    }
}

static void ck_quantize_q8_avx2(const float *input, size_t stride, size_t rows, size_t inputs,
                                struct ck_quantized_rows output) {
    const size_t size = output.group, groups = ck_groups(inputs, size);
    for (size_t r = 0; r < rows; r++)
        for (size_t group = 0; group < groups; group++) {
            const float *values = input + r * stride + group * size;
            float padded[CK_LARGEST_GROUP] = {0};
            if (inputs - group * size < size) {
                memcpy(padded, values, (inputs - group * size) * 4);
                values = padded;
            }
            __m256 least_f32x8 = _mm256_setzero_ps(), greatest_f32x8 = least_f32x8;
            for (size_t k = 0; k < size; k += 8) {
                const __m256 value_f32x8 = _mm256_loadu_ps(values + k);
                least_f32x8 = _mm256_min_ps(least_f32x8, value_f32x8);
                greatest_f32x8 = _mm256_max_ps(greatest_f32x8, value_f32x8);
            }
            float ends[2][8];
            _mm256_storeu_ps(ends[0], least_f32x8);
            _mm256_storeu_ps(ends[1], greatest_f32x8);
            float least = 0, greatest = 0;
            for (size_t j = 0; j < 8; j++) {
                least = ends[0][j] < least ? ends[0][j] : least;
                greatest = ends[1][j] > greatest ? ends[1][j] : greatest;
            }
            const float range = ck_usable_range(greatest - least);
            const float inverse = range > 0 ? 255.0f / range : 0;
            const int32_t zero = _mm_cvtss_si32(_mm_set_ss(-least * inverse));
            const __m256 inverse_f32x8 = _mm256_set1_ps(inverse);
            const __m256i zero_i32x8 = _mm256_set1_epi32(zero);
            __m256i *levels_u16x16 =
                (__m256i *)(output.levels + (r * groups + group) * 2 * size);
            for (size_t k = 0; k < size; k += 16) {
                __m256i level_i32x8[2];
                for (size_t part = 0; part < 2; part++)
                    level_i32x8[part] = _mm256_min_epi32(
                        _mm256_max_epi32(
                            _mm256_add_epi32(
                                _mm256_cvtps_epi32(_mm256_mul_ps(
                                    _mm256_loadu_ps(values + k + part * 8), inverse_f32x8)),
                                zero_i32x8),
                            _mm256_setzero_si256()),
                        _mm256_set1_epi32(255));
                const __m256i mixed_u16x16 = _mm256_packus_epi32(level_i32x8[0], level_i32x8[1]);
                _mm256_storeu_si256(levels_u16x16 + k / 16,
                                    _mm256_permute4x64_epi64(mixed_u16x16, 0xD8));
            }
            const float scale = range / 255.0f;
            output.scales[r * groups + group] = scale;
            output.shifts[r * groups + group] = -(float)zero * scale;
        }
}

CK_DEFINE_KERNELS(avx2, 6, 6, 2, ck_gelu_values)
CK_DEFINE_ATTENTION(avx2, 6)

#pragma clang attribute pop

const struct ck_kernels ck_kernels_avx2 = CK_KERNELS(CK_ISA_AVX2, avx2);
#endif
