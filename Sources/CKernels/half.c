// Sums of f16 rows: for tables of token vectors that are stored at half precision.
#include "internal.h"

/// One f16 value as f32, exactly.
CK_INLINE float ck_float_from_half(uint16_t half) {
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    const uint32_t magnitude = half & 0x7FFF;
    uint32_t bits;
    if (magnitude < 0x0400) {
        // Zero or subnormal: a whole number of 2^-24.
        const float value = (float)magnitude * 0x1p-24f;
        memcpy(&bits, &value, sizeof bits);
        bits |= sign;
    } else if (magnitude < 0x7C00) {
        bits = sign | ((magnitude << 13) + ((127 - 15) << 23));
    } else {
        // Infinity, or not a number, which becomes quiet as it does on x86.
        bits = sign | 0x7F800000 | (magnitude & 0x3FF) << 13;
        if (magnitude & 0x3FF) bits |= 0x00400000;
    }
    float result;
    memcpy(&result, &bits, sizeof result);
    return result;
}

CK_INLINE void ck_sum_columns_f16(const uint16_t *table, const int32_t *rows, size_t count,
                                  size_t dimension, size_t first, float *sums) {
    for (size_t j = first; j < dimension; j++) {
        float sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += ck_float_from_half(table[(size_t)rows[i] * dimension + j]);
        sums[j] = sum;
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

/// Four registers of sums at a time, so that no sum is stored before it is whole.
__attribute__((target("avx2,f16c"))) static void ck_sum_rows_f16_avx2(
    const uint16_t *table, const int32_t *rows, size_t count, size_t dimension, float *sums) {
    size_t j = 0;
    for (; j + 32 <= dimension; j += 32) {
        __m256 a_f32x8 = _mm256_setzero_ps(), b_f32x8 = a_f32x8, c_f32x8 = a_f32x8,
               d_f32x8 = a_f32x8;
        for (size_t i = 0; i < count; i++) {
            const __m128i *row_f16x8 =
                (const __m128i *)(table + (size_t)rows[i] * dimension + j);
            a_f32x8 = _mm256_add_ps(a_f32x8, _mm256_cvtph_ps(_mm_loadu_si128(row_f16x8)));
            b_f32x8 = _mm256_add_ps(b_f32x8, _mm256_cvtph_ps(_mm_loadu_si128(row_f16x8 + 1)));
            c_f32x8 = _mm256_add_ps(c_f32x8, _mm256_cvtph_ps(_mm_loadu_si128(row_f16x8 + 2)));
            d_f32x8 = _mm256_add_ps(d_f32x8, _mm256_cvtph_ps(_mm_loadu_si128(row_f16x8 + 3)));
        }
        _mm256_storeu_ps(sums + j, a_f32x8);
        _mm256_storeu_ps(sums + j + 8, b_f32x8);
        _mm256_storeu_ps(sums + j + 16, c_f32x8);
        _mm256_storeu_ps(sums + j + 24, d_f32x8);
    }
    ck_sum_columns_f16(table, rows, count, dimension, j, sums);
}
#endif

void ck_sum_rows_f16(enum ck_isa isa, const uint16_t *table, const int32_t *rows, size_t count,
                     size_t dimension, float *sums) {
#if defined(__x86_64__)
    // Every processor with AVX2 has F16C in silicon, but a hypervisor may hide it.
    if (isa != CK_ISA_SCALAR && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c")) {
        ck_sum_rows_f16_avx2(table, rows, count, dimension, sums);
        return;
    }
#endif
    (void)isa;  // elsewhere there is scalar code alone
    ck_sum_columns_f16(table, rows, count, dimension, 0, sums);
}
