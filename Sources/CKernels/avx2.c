// AVX2 with FMA, eight f32 lanes a register. The target attribute below replaces compiler flags,
// so that one build holds every instruction set.
#include "internal.h"

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

CK_DEFINE_ROW_KERNELS(avx2)

#pragma clang attribute pop

const struct ck_kernels ck_kernels_avx2 = {
    .isa = CK_ISA_AVX2,
    .dots_f32 = ck_dots_f32_avx2,
    .bias_gelu_f32 = ck_bias_gelu_f32_avx2,
    .bias_f32 = ck_bias_f32_avx2,
    .softmax_f32 = ck_softmax_f32_avx2,
    .layer_norm_f32 = ck_layer_norm_f32_avx2,
};
#endif
