// Eight rows side by side, shared by AVX2 and AVX-512: their sums end in the lanes of one 256-bit
// register, where bounds are made and compared at once. Included within the target of either.
#ifndef CK_CODES_X8_H
#define CK_CODES_X8_H

#include "codes_internal.h"
#include <immintrin.h>

/// The sums of four registers' lanes, in each 128 bits of one register.
CK_INLINE __m256i ck_fold_x4(__m256i a, __m256i b, __m256i c, __m256i d) {
    const __m256i ab = _mm256_add_epi32(_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
    const __m256i cd = _mm256_add_epi32(_mm256_unpacklo_epi32(c, d), _mm256_unpackhi_epi32(c, d));
    return _mm256_add_epi32(_mm256_unpacklo_epi64(ab, cd), _mm256_unpackhi_epi64(ab, cd));
}

/// Eight registers' sums, in order.
CK_INLINE __m256i ck_reduce_i32x8(const __m256i sums[8]) {
    const __m256i a = ck_fold_x4(sums[0], sums[1], sums[2], sums[3]);
    const __m256i b = ck_fold_x4(sums[4], sums[5], sums[6], sums[7]);
    return _mm256_add_epi32(_mm256_permute2x128_si256(a, b, 0x20),
                            _mm256_permute2x128_si256(a, b, 0x31));
}

struct ck_columns_x8 {
    __m256 scale, residual, norm, square;
};

/// The headers of eight rows, field by field.
CK_INLINE struct ck_columns_x8 ck_columns_x8(const struct ck_code_header *const headers[8]) {
    __m256 h[4];
    for (size_t r = 0; r < 4; r++)
        h[r] = _mm256_insertf128_ps(
            _mm256_castps128_ps256(_mm_loadu_ps((const float *)headers[r])),
            _mm_loadu_ps((const float *)headers[r + 4]), 1);
    const __m256 a = _mm256_unpacklo_ps(h[0], h[1]), b = _mm256_unpackhi_ps(h[0], h[1]);
    const __m256 c = _mm256_unpacklo_ps(h[2], h[3]), d = _mm256_unpackhi_ps(h[2], h[3]);
    return (struct ck_columns_x8){
        .scale = _mm256_shuffle_ps(a, c, 0x44), .residual = _mm256_shuffle_ps(a, c, 0xEE),
        .norm = _mm256_shuffle_ps(b, d, 0x44), .square = _mm256_shuffle_ps(b, d, 0xEE)};
}

/// Which of eight rows pass, and all bounds.
CK_INLINE uint32_t ck_gate_x8(const struct ck_code_query *query, __m256i dots_i32x8,
                              const struct ck_code_header *const headers[8], float threshold,
                              __m256 *bounds) {
    const struct ck_columns_x8 h = ck_columns_x8(headers);
    const __m256 whole = _mm256_cvtepi32_ps(_mm256_sub_epi32(
        _mm256_add_epi32(dots_i32x8, dots_i32x8), _mm256_set1_epi32(query->offset)));
    __m256 bound = _mm256_fmadd_ps(h.scale, _mm256_mul_ps(whole, _mm256_set1_ps(query->unit)),
                                   _mm256_set1_ps(query->constant));
    bound = _mm256_fmadd_ps(_mm256_set1_ps(query->residual), h.residual, bound);
    bound = _mm256_fmadd_ps(_mm256_set1_ps(query->norm), h.norm, bound);
    *bounds = bound = _mm256_fmadd_ps(_mm256_set1_ps(query->square), h.square, bound);
    return (uint32_t)_mm256_movemask_ps(
        _mm256_cmp_ps(bound, _mm256_set1_ps(threshold), _CMP_NLT_UQ));
}

/// What the codes of eight rows say of their scores.
CK_INLINE __m256 ck_estimate_x8(const struct ck_code_query *query, __m256i dots_i32x8,
                                const struct ck_code_header *const headers[8]) {
    const struct ck_columns_x8 h = ck_columns_x8(headers);
    const __m256 whole = _mm256_cvtepi32_ps(_mm256_sub_epi32(
        _mm256_add_epi32(dots_i32x8, dots_i32x8), _mm256_set1_epi32(query->offset)));
    const __m256 t = _mm256_div_ps(
        h.square, _mm256_add_ps(_mm256_mul_ps(h.norm, h.norm), _mm256_set1_ps(0x1p-126f)));
    const __m256 estimate =
        _mm256_fmadd_ps(_mm256_mul_ps(h.scale, t),
                        _mm256_mul_ps(whole, _mm256_set1_ps(query->unit)),
                        _mm256_set1_ps(query->constant));
    return _mm256_fmadd_ps(_mm256_set1_ps(query->square), h.square, estimate);
}

/// Appends those of eight listed rows that the mask names, and their bounds. Returns how many there
/// are then.
CK_INLINE size_t ck_keep(uint32_t mask, __m256 bounds_f32x8, const uint32_t *rows, size_t passed,
                         uint32_t *found, float *bounds) {
    float lanes[8];
    _mm256_storeu_ps(lanes, bounds_f32x8);
    for (; mask; mask &= mask - 1) {
        const uint32_t lane = (uint32_t)__builtin_ctz(mask);
        found[passed] = rows[lane];
        bounds[passed++] = lanes[lane];
    }
    return passed;
}

#endif
