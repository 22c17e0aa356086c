#include "CStream.h"

// Four independent sums of 64 bytes each, so that no addition waits for another. Written as plain C:
// clang makes the widest vectors out of it that the target of each function allows.
#define CS_LANES 32

#define CS_SUM                                                                       \
    uint64_t sums[CS_LANES] = {0}, sum = 0;                                          \
    for (size_t i = 0; i < count; i += CS_LANES) {                                   \
        __builtin_prefetch((const char *)(words + i) + 2048, 0, 3);                  \
        __builtin_prefetch((const char *)(words + i) + 2112, 0, 3);                  \
        __builtin_prefetch((const char *)(words + i) + 2176, 0, 3);                  \
        __builtin_prefetch((const char *)(words + i) + 2240, 0, 3);                  \
        for (size_t j = 0; j < CS_LANES; j++) sums[j] += words[i + j];               \
    }                                                                                \
    for (size_t j = 0; j < CS_LANES; j++) sum += sums[j];                            \
    return sum;

static uint64_t cs_sum_plain(const uint64_t *words, size_t count) { CS_SUM }

#if defined(__x86_64__)
__attribute__((target("avx2"))) static uint64_t cs_sum_avx2(const uint64_t *words, size_t count) {
    CS_SUM
}

__attribute__((target("avx512f"))) static uint64_t cs_sum_avx512(
    const uint64_t *words, size_t count) {
    CS_SUM
}
#endif

uint64_t cs_sum_u64(const uint64_t *words, size_t count) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return cs_sum_avx512(words, count);
    if (__builtin_cpu_supports("avx2")) return cs_sum_avx2(words, count);
#endif
    return cs_sum_plain(words, count);
}
