// AVX-512 with VNNI, sixteen f32 lanes a register. Bits are those of AVX2, but for GELU's last ones.
#include "linear.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(                                                               \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma"),        \
                   min_vector_width(512))),                                                 \
    apply_to = function)

static float ck_dot_f32_avx512(const float *query, const float *row, size_t dimension) {
    __m512 a_f32x16 = _mm512_setzero_ps(), b_f32x16 = a_f32x16;
    size_t j = 0;
    for (; j + CK_LANES <= dimension; j += CK_LANES) {
        a_f32x16 = _mm512_fmadd_ps(_mm512_loadu_ps(query + j), _mm512_loadu_ps(row + j), a_f32x16);
        b_f32x16 = _mm512_fmadd_ps(_mm512_loadu_ps(query + j + 16), _mm512_loadu_ps(row + j + 16),
                                   b_f32x16);
    }
    float lanes[CK_LANES];
    _mm512_storeu_ps(lanes, a_f32x16);
    _mm512_storeu_ps(lanes + 16, b_f32x16);
    for (size_t lane = 0; j < dimension; j++, lane++)
        lanes[lane] = __builtin_fmaf(query[j], row[j], lanes[lane]);
    return ck_sum_lanes_f32(lanes);
}

static void ck_dots_f32_avx512(const float *query, const float *rows, size_t dimension,
                               size_t count, float *scores) {
    for (size_t i = 0; i < count; i++)
        scores[i] = ck_dot_f32_avx512(query, rows + i * dimension, dimension);
}

/// Half of erf(a / sqrt 2) for a near k * CK_GELU_STEP, as a polynomial in the difference: [j][k]
/// is the coefficient of its power j. Fitted at 64 Chebyshev points of each step, in f64; what must
/// be 0 by symmetry is, and the last one is 1/2 at no difference, so that great values stay.
static const float ck_gelu_coefficients[5][16] = {
    {0.0f, 0.143066153f, 0.268322408f, 0.364333928f, 0.428766638f, 0.466623485f, 0.486096561f,
     0.494865924f, 0.498323292f, 0.499516577f, 0.499877125f, 0.499972492f, 0.499994576f,
     0.499999076f, 0.499999851f, 0.5f},
    {0.398938775f, 0.373003602f, 0.304882854f, 0.217853948f, 0.136084586f, 0.0743124485f,
     0.0354748704f, 0.0148041556f, 0.00540065439f, 0.00172228389f, 0.000480124523f,
     0.000117000629f, 2.4923067e-05f, 4.64073491e-06f, 7.55329381e-07f, 1.07458753e-07f},
    {0.0f, -0.0683827922f, -0.111788459f, -0.119817778f, -0.0997941494f, -0.068119444f,
     -0.0390227363f, -0.0189992972f, -0.00792150851f, -0.0028421157f, -0.000880400999f,
     -0.000236021297f, -5.48543139e-05f, -1.10670753e-05f, -1.94026893e-06f, -2.95834639e-07f},
    {-0.0660731047f, -0.0535217784f, -0.0234801546f, 0.00741280336f, 0.0258570351f, 0.0290902127f,
     0.0226709023f, 0.0138225863f, 0.00689322734f, 0.0028732866f, 0.00101349433f, 0.000304878253f,
     7.86271848e-05f, 1.74492761e-05f, 3.34144306e-06f, 5.53287464e-07f},
    {0.0f, 0.0161996074f, 0.0227831583f, 0.0177998077f, 0.00708548864f, -0.00198041438f,
     -0.00592896668f, -0.00566039141f, -0.00370288361f, -0.00187855575f, -0.000773912587f,
     -0.000264885515f, -7.6325683e-05f, -1.86727102e-05f, -3.90110426e-06f, -6.98915812e-07f},
};
/// 5.5 / 15: beyond 5.5, half of erf(a / sqrt 2) is 1/2 within 2e-8.
#define CK_GELU_STEP 0.366666667f

/// GELU without erf's quotient: sixteen polynomials, looked up in registers.
/// Absolute error <= 2e-7 * max(1, |x|).
CK_INLINE __m512 ck_gelu_x16(__m512 x_f32x16) {
    const __m512 step = _mm512_set1_ps(CK_GELU_STEP);
    const __m512 magic = _mm512_set1_ps(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer
    const __m512 sign = _mm512_and_ps(x_f32x16, _mm512_set1_ps(-0.0f));
    const __m512 a = _mm512_min_ps(_mm512_abs_ps(x_f32x16), _mm512_set1_ps(15 * CK_GELU_STEP));
    const __m512 place = _mm512_fmadd_ps(a, _mm512_set1_ps(1 / CK_GELU_STEP), magic);
    const __m512 left = _mm512_fnmadd_ps(_mm512_sub_ps(place, magic), step, a);
    // The lowest four bits of the sum are the place.
    const __m512i k_i32x16 = _mm512_castps_si512(place);
    __m512 half_erf = _mm512_permutexvar_ps(k_i32x16, _mm512_loadu_ps(ck_gelu_coefficients[4]));
#pragma clang loop unroll(full)
    for (size_t j = 4; j-- > 0;)
        half_erf = _mm512_fmadd_ps(
            half_erf, left,
            _mm512_permutexvar_ps(k_i32x16, _mm512_loadu_ps(ck_gelu_coefficients[j])));
    return _mm512_fmadd_ps(x_f32x16, _mm512_or_ps(half_erf, sign),
                           _mm512_mul_ps(x_f32x16, _mm512_set1_ps(0.5f)));
}

CK_INLINE void ck_gelu_values_avx512(float *values, size_t count) {
    size_t j = 0;
    for (; j + 16 <= count; j += 16)
        _mm512_storeu_ps(values + j, ck_gelu_x16(_mm512_loadu_ps(values + j)));
    if (j == count) return;
    const __mmask16 there = (__mmask16)((1u << (count - j)) - 1);
    _mm512_mask_storeu_ps(values + j, there, ck_gelu_x16(_mm512_maskz_loadu_ps(there, values + j)));
}

/// Twelve rows by a panel: 24 sums in registers.
CK_INLINE void ck_rows_f32_avx512(const float *input, size_t stride, const size_t rows,
                                  size_t inputs, const float *panel, const float *bias,
                                  float *output, size_t output_stride) {
    __m512 sums_f32x16[12][2];
    for (size_t r = 0; r < rows; r++) {
        sums_f32x16[r][0] = _mm512_loadu_ps(bias);
        sums_f32x16[r][1] = _mm512_loadu_ps(bias + 16);
    }
    for (size_t k = 0; k < inputs; k++) {
        const __m512 low_f32x16 = _mm512_loadu_ps(panel + k * CK_PANEL);
        const __m512 high_f32x16 = _mm512_loadu_ps(panel + k * CK_PANEL + 16);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
            const __m512 value_f32x16 = _mm512_set1_ps(input[r * stride + k]);
            sums_f32x16[r][0] = _mm512_fmadd_ps(value_f32x16, low_f32x16, sums_f32x16[r][0]);
            sums_f32x16[r][1] = _mm512_fmadd_ps(value_f32x16, high_f32x16, sums_f32x16[r][1]);
        }
    }
    for (size_t r = 0; r < rows; r++) {
        _mm512_storeu_ps(output + r * output_stride, sums_f32x16[r][0]);
        _mm512_storeu_ps(output + r * output_stride + 16, sums_f32x16[r][1]);
    }
}

/// Calls `body` with the number of rows, at most twelve, as a constant.
#define CK_UP_TO_TWELVE_ROWS(rows, body) \
    switch (rows) {                      \
        case 7: body(7); break;          \
        case 8: body(8); break;          \
        case 9: body(9); break;          \
        case 10: body(10); break;        \
        case 11: body(11); break;        \
        case 12: body(12); break;        \
        default:                         \
            CK_UP_TO_SIX_ROWS(rows, body) \
    }

CK_INLINE void ck_tile_f32_avx512(const float *input, size_t stride, size_t rows, size_t inputs,
                                  const float *panel, const float *bias, float *output,
                                  size_t output_stride) {
#define CK_BODY(count) \
    ck_rows_f32_avx512(input, stride, count, inputs, panel, bias, output, output_stride)
    CK_UP_TO_TWELVE_ROWS(rows, CK_BODY)
#undef CK_BODY
}

/// Rows by a panel: a group's products and all sums in registers, for up to six rows.
CK_INLINE void ck_rows_q8_avx512(struct ck_quantized_rows input, const size_t rows, size_t groups,
                                 struct ck_quantized_panels panel, const float *bias,
                                 float *output, size_t output_stride) {
    const size_t size = panel.group, stride = groups * 2 * size;
    __m512 sums_f32x16[6][2];
    for (size_t r = 0; r < rows; r++) {
        sums_f32x16[r][0] = _mm512_loadu_ps(bias);
        sums_f32x16[r][1] = _mm512_loadu_ps(bias + 16);
    }
    for (size_t group = 0; group < groups; group++) {
        const uint8_t *levels = input.levels + group * 2 * size;
        const int8_t *weights = panel.weights + group * size * CK_PANEL;
        __m512i products_i32x16[6][2];
        for (size_t r = 0; r < rows; r++)
            products_i32x16[r][0] = products_i32x16[r][1] = _mm512_setzero_si512();
#pragma clang loop unroll_count(4)
        for (size_t k = 0; k < size; k += 4) {
            const __m512i low_i8x64 = _mm512_loadu_si512(weights + k * CK_PANEL);
            const __m512i high_i8x64 = _mm512_loadu_si512(weights + k * CK_PANEL + 64);
#pragma clang loop unroll(full)
            for (size_t r = 0; r < rows; r++) {
                int32_t four;
                memcpy(&four, levels + r * stride + k, sizeof four);
                const __m512i level_u8x64 = _mm512_set1_epi32(four);
                products_i32x16[r][0] =
                    _mm512_dpbusd_epi32(products_i32x16[r][0], level_u8x64, low_i8x64);
                products_i32x16[r][1] =
                    _mm512_dpbusd_epi32(products_i32x16[r][1], level_u8x64, high_i8x64);
            }
        }
        const float *steps = panel.scales + group * CK_PANEL, *totals = panel.sums + group * CK_PANEL;
        const __m512 steps_f32x16[2] = {_mm512_loadu_ps(steps), _mm512_loadu_ps(steps + 16)};
        const __m512 totals_f32x16[2] = {_mm512_loadu_ps(totals), _mm512_loadu_ps(totals + 16)};
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
            const __m512 scale_f32x16 = _mm512_set1_ps(input.scales[r * groups + group]);
            const __m512 shift_f32x16 = _mm512_set1_ps(input.shifts[r * groups + group]);
#pragma clang loop unroll(full)
            for (size_t part = 0; part < 2; part++) {
                sums_f32x16[r][part] = _mm512_fmadd_ps(
                    _mm512_cvtepi32_ps(products_i32x16[r][part]),
                    _mm512_mul_ps(scale_f32x16, steps_f32x16[part]), sums_f32x16[r][part]);
                sums_f32x16[r][part] =
                    _mm512_fmadd_ps(shift_f32x16, totals_f32x16[part], sums_f32x16[r][part]);
            }
        }
    }
    for (size_t r = 0; r < rows; r++) {
        _mm512_storeu_ps(output + r * output_stride, sums_f32x16[r][0]);
        _mm512_storeu_ps(output + r * output_stride + 16, sums_f32x16[r][1]);
    }
}

CK_INLINE void ck_tile_q8_avx512(struct ck_quantized_rows input, size_t rows, size_t groups,
                                 struct ck_quantized_panels panel, const float *bias,
                                 float *output, size_t output_stride) {
#define CK_BODY(count) ck_rows_q8_avx512(input, count, groups, panel, bias, output, output_stride)
    CK_UP_TO_SIX_ROWS(rows, CK_BODY)
#undef CK_BODY
}

/// Quantises one group of `size` values, of which `count` are there.
CK_INLINE void ck_quantize_group_q8_avx512(const float *source, size_t count, const size_t size,
                                           uint8_t *levels, float *scale, float *shift) {
    __m512 values_f32x16[CK_LARGEST_GROUP / 16];
    __m512 least_f32x16 = _mm512_setzero_ps(), greatest_f32x16 = least_f32x16;
#pragma clang loop unroll(full)
    for (size_t part = 0; part < size / 16; part++) {
        const size_t start = part * 16;
        const __mmask16 there = count >= start + 16 ? 0xFFFF
                                : count > start     ? (__mmask16)((1u << (count - start)) - 1)
                                                    : 0;
        values_f32x16[part] = _mm512_maskz_loadu_ps(there, source + start);
        least_f32x16 = _mm512_min_ps(least_f32x16, values_f32x16[part]);
        greatest_f32x16 = _mm512_max_ps(greatest_f32x16, values_f32x16[part]);
    }
    const float least = _mm512_reduce_min_ps(least_f32x16);
    const float greatest = _mm512_reduce_max_ps(greatest_f32x16);
    const float range = ck_usable_range(greatest - least);
    const float inverse = range > 0 ? 255.0f / range : 0;
    const int32_t zero = _mm_cvtss_si32(_mm_set_ss(-least * inverse));
#pragma clang loop unroll(full)
    for (size_t part = 0; part < size / 16; part++) {
        const __m512i level_i32x16 = _mm512_max_epi32(
            _mm512_add_epi32(_mm512_cvtps_epi32(_mm512_mul_ps(values_f32x16[part],
                                                              _mm512_set1_ps(inverse))),
                             _mm512_set1_epi32(zero)),
            _mm512_setzero_si512());
        _mm_storeu_si128((__m128i *)(levels + part * 16), _mm512_cvtusepi32_epi8(level_i32x16));
    }
    *scale = range / 255.0f;
    *shift = -(float)zero * *scale;
}

static void ck_quantize_q8_avx512(const float *input, size_t stride, size_t rows, size_t inputs,
                                  struct ck_quantized_rows output) {
    const size_t size = output.group, groups = ck_groups(inputs, size);
    for (size_t r = 0; r < rows; r++)
        for (size_t group = 0; group < groups; group++) {
            const float *source = input + r * stride + group * size;
            const size_t count = ck_least(size, inputs - group * size), at = r * groups + group;
            uint8_t *levels = output.levels + at * 2 * size;
            if (size == 64)
                ck_quantize_group_q8_avx512(source, count, 64, levels, output.scales + at,
                                            output.shifts + at);
            else
                ck_quantize_group_q8_avx512(source, count, 128, levels, output.scales + at,
                                            output.shifts + at);
        }
}

CK_DEFINE_KERNELS(avx512, 12, 6, 4, ck_gelu_values_avx512)

#include "avx512_attention.h"

static void ck_attention_f32_avx512(const float *states, size_t stride, size_t length,
                                    struct ck_queries queries, size_t heads, size_t width,
                                    const float *relative, size_t relative_stride, float *output,
                                    size_t output_stride, float *scratch) {
    // Sixteen keys a register; more than four would not leave six queries' scores in registers.
    const size_t parts = width % 32 == 0 ? (length + 15) / 16 : 0;
#define CK_BODY(parts)                                                                         \
    ck_attend_short(states, stride, length, parts, queries, heads, width, relative,            \
                    relative_stride, output, output_stride, scratch)
    switch (parts) {
        case 1: CK_BODY(1); break;
        case 2: CK_BODY(2); break;
        case 3: CK_BODY(3); break;
        case 4: CK_BODY(4); break;
        default:
            ck_attend(states, stride, length, queries, heads, width, relative, relative_stride,
                      output, output_stride, scratch, ck_tile_f32_avx512, 12);
    }
#undef CK_BODY
}

#pragma clang attribute pop

const struct ck_kernels ck_kernels_avx512 = CK_KERNELS(CK_ISA_AVX512, avx512);
#endif
