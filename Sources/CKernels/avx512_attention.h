// Attention of short texts, as questions are: scores stay in registers, and values are read where
// they stand. Included by avx512.c within its target.
#ifndef CK_AVX512_ATTENTION_H
#define CK_AVX512_ATTENTION_H

#include "linear.h"
#include <immintrin.h>

/// Each lane that is there becomes exp(x - max) / sum, the others 0, in 1 to 4 registers.
CK_INLINE void ck_softmax_short(__m512 x_f32x16[4], const size_t parts, const __mmask16 there[4]) {
    const __m512 least_f32x16 = _mm512_set1_ps(-INFINITY);
    __m512 most_f32x16 = least_f32x16;
#pragma clang loop unroll(full)
    for (size_t i = 0; i < parts; i++)
        // What is no number leaves the second operand.
        most_f32x16 = _mm512_max_ps(
            _mm512_mask_mov_ps(least_f32x16, there[i], x_f32x16[i]), most_f32x16);
    most_f32x16 = _mm512_set1_ps(_mm512_reduce_max_ps(most_f32x16));
    ck_f32x32 sums = {0};
#pragma clang loop unroll(full)
    for (size_t i = 0; i < parts; i += 2) {
        const size_t bytes = (parts - i < 2 ? 1 : 2) * sizeof *x_f32x16;
        ck_f32x32 lanes = {0};
        for (size_t j = i; j < parts && j < i + 2; j++)
            x_f32x16[j] = _mm512_sub_ps(x_f32x16[j], most_f32x16);
        memcpy(&lanes, x_f32x16 + i, bytes);
        ck_exp_lanes_f32(&lanes);
        memcpy(x_f32x16 + i, &lanes, bytes);
        for (size_t j = i; j < parts && j < i + 2; j++)
            x_f32x16[j] = _mm512_maskz_mov_ps(there[j], x_f32x16[j]);
        lanes = (ck_f32x32){0};
        memcpy(&lanes, x_f32x16 + i, bytes);
        sums += lanes;
    }
    const __m512 share_f32x16 = _mm512_set1_ps(1.0f / ck_add_lanes_f32(&sums));
#pragma clang loop unroll(full)
    for (size_t i = 0; i < parts; i++) x_f32x16[i] = _mm512_mul_ps(x_f32x16[i], share_f32x16);
}

/// What rows of one head share in ck_attend_short.
struct ck_short_head {
    size_t stride, length, width;
    const float *keys;      ///< value by value, `parts` registers of keys side by side
    const float *values;    ///< rows, `stride` apart
    const float *relative;  ///< for the first row; or null
    float *shares;          ///< takes `parts` registers a row
    size_t output_stride;
};

/// Up to six queries of one head against at most 16 keys a part.
CK_INLINE void ck_rows_attend_short(const struct ck_short_head *head, const size_t parts,
                                    const float *query, const size_t rows, float *output) {
    const uint64_t all = head->length < 64 ? ((uint64_t)1 << head->length) - 1 : UINT64_MAX;
    __mmask16 there[4];
    for (size_t i = 0; i < parts; i++) there[i] = (__mmask16)(all >> 16 * i);
    const __m512 scale_f32x16 = _mm512_set1_ps(1.0f / sqrtf((float)head->width));
    __m512 scores_f32x16[6][4];
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < parts; i++) scores_f32x16[r][i] = _mm512_setzero_ps();
    for (size_t k = 0; k < head->width; k++) {
        __m512 keys_f32x16[4];
        for (size_t i = 0; i < parts; i++)
            keys_f32x16[i] = _mm512_loadu_ps(head->keys + 16 * (parts * k + i));
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
            const __m512 value_f32x16 = _mm512_set1_ps(query[r * head->stride + k]);
#pragma clang loop unroll(full)
            for (size_t i = 0; i < parts; i++)
                scores_f32x16[r][i] =
                    _mm512_fmadd_ps(value_f32x16, keys_f32x16[i], scores_f32x16[r][i]);
        }
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
        for (size_t i = 0; i < parts; i++) {
            const __m512 score_f32x16 = scores_f32x16[r][i];
            scores_f32x16[r][i] =
                head->relative
                    ? _mm512_fmadd_ps(
                          score_f32x16, scale_f32x16,
                          _mm512_maskz_loadu_ps(there[i], head->relative - r + 16 * i))
                    : _mm512_mul_ps(score_f32x16, scale_f32x16);
        }
        ck_softmax_short(scores_f32x16[r], parts, there);
        for (size_t i = 0; i < parts; i++)
            _mm512_storeu_ps(head->shares + 16 * (parts * r + i), scores_f32x16[r][i]);
    }
    for (size_t first = 0; first < head->width; first += 32) {
        __m512 sums_f32x16[6][2];
        for (size_t r = 0; r < rows; r++)
            sums_f32x16[r][0] = sums_f32x16[r][1] = _mm512_setzero_ps();
        for (size_t key = 0; key < head->length; key++) {
            const float *value = head->values + key * head->stride + first;
            const __m512 low_f32x16 = _mm512_loadu_ps(value);
            const __m512 high_f32x16 = _mm512_loadu_ps(value + 16);
#pragma clang loop unroll(full)
            for (size_t r = 0; r < rows; r++) {
                const __m512 share_f32x16 = _mm512_set1_ps(head->shares[16 * parts * r + key]);
                sums_f32x16[r][0] = _mm512_fmadd_ps(share_f32x16, low_f32x16, sums_f32x16[r][0]);
                sums_f32x16[r][1] = _mm512_fmadd_ps(share_f32x16, high_f32x16, sums_f32x16[r][1]);
            }
        }
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
            float *target = output + r * head->output_stride + first;
            _mm512_storeu_ps(target, sums_f32x16[r][0]);
            _mm512_storeu_ps(target + 16, sums_f32x16[r][1]);
        }
    }
}

/// ck_attend, with its bits, for a text whose keys fit the lanes of 1 to 4 registers. `width` is a
/// multiple of 32.
CK_INLINE void ck_attend_short(const float *states, size_t stride, size_t length,
                               const size_t parts, struct ck_queries queries, size_t heads,
                               size_t width, const float *relative, size_t relative_stride,
                               float *output, size_t output_stride, float *scratch) {
    float shares[6 * 64];
    for (size_t i = 0; i < heads; i++) {
        const float *query = states + i * width, *key = query + heads * width;
        for (size_t k = 0; k < width; k += 8)
            for (size_t j = 0; j < length; j += 8)
                ck_turn_block_f32(key + j * stride + k, stride, ck_least(8, length - j),
                                  scratch + 16 * parts * k + j, 16 * parts);
        struct ck_short_head head = {
            .stride = stride, .length = length, .width = width, .keys = scratch,
            .values = key + heads * width, .shares = shares, .output_stride = output_stride};
        for (size_t done = 0; done < queries.count; done += 6) {
            const size_t first = queries.first + done;
            if (relative) head.relative = relative + i * relative_stride - first;
            float *target = output + done * output_stride + i * width;
#define CK_BODY(rows) ck_rows_attend_short(&head, parts, query + first * stride, rows, target)
            CK_UP_TO_SIX_ROWS(ck_least(6, queries.count - done), CK_BODY)
#undef CK_BODY
        }
    }
}

#endif
