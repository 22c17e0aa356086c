// What a walk through a graph does with whole numbers; the same for every processor.
#include "codes_internal.h"

size_t ck_gather_unvisited(const uint32_t *rows, size_t count, const struct ck_code_slabs *slabs,
                           uint64_t *visited, uint32_t *found) {
    size_t gathered = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t row = rows[i];
        uint64_t *word = visited + row / 64;
        const uint64_t bit = (uint64_t)1 << row % 64;
        // Without a branch, because nothing predicts it.
        found[gathered] = row;
        gathered += !(*word & bit);
        *word |= bit;
    }
    for (size_t i = 0; i < gathered; i++) {
        const struct ck_code_header *header;
        ck_prefetch(ck_slab_row(slabs, found[i], &header), slabs->stride);
        __builtin_prefetch(header, 0, 3);
    }
    return gathered;
}

CK_INLINE uint64_t ck_packed(float estimate, uint32_t row) {
    // -0 becomes 0, so that both have one order.
    const float value = estimate + 0.0f;
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint32_t order = bits >> 31 ? ~bits : bits | 0x80000000;
    return (uint64_t)order << 32 | (uint32_t)(row << 1);
}

size_t ck_offer(uint64_t *pool, size_t count, size_t width, const uint32_t *rows,
                const float *estimates, size_t offered, size_t *first) {
    size_t best = width;
    for (size_t start = 0; start < offered; start += 64) {
        // First without a branch, because nothing predicts what passes; most does not.
        uint64_t passed[64];
        size_t passes = 0;
        const uint64_t least = count == width ? pool[count - 1] : 0;
        for (size_t i = start; i < offered && i < start + 64; i++) {
            const uint64_t packed = ck_packed(estimates[i], rows[i]);
            passed[passes] = packed;
            passes += packed > least;
        }
        for (size_t i = 0; i < passes; i++) {
            const uint64_t packed = passed[i];
            if (count == width && packed <= pool[count - 1]) continue;
            size_t low = 0;
            for (size_t length = count; length > 0;) {
                const size_t half = (length + 1) / 2;
                low += __builtin_unpredictable(pool[low + half - 1] > packed) ? half : 0;
                length -= half;
            }
            const size_t end = count < width ? count : count - 1;
            memmove(pool + low + 1, pool + low, (end - low) * sizeof *pool);
            pool[low] = packed;
            count = end + 1;
            best = low < best ? low : best;
        }
    }
    *first = best;
    return count;
}
