// The tables of the instruction sets, and what needs none of them.
#include "codes_internal.h"

#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
/// HWCAP_ASIMDDP of <asm/hwcap.h>.
#define CK_HAS_DOTPROD() (getauxval(AT_HWCAP) >> 20 & 1)
#else
#define CK_HAS_DOTPROD() 1
#endif

const struct ck_code_kernels *ck_code_kernels_for(int isa) {
    if (isa == 0) return &ck_code_kernels_scalar;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (isa == 1 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
        __builtin_cpu_supports("bmi2"))
        return &ck_code_kernels_avx2;
    if (isa == 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vnni"))
        return &ck_code_kernels_avx512;
#endif
#if defined(__aarch64__)
    if (isa == 3 && CK_HAS_DOTPROD()) return &ck_code_kernels_neon;
#endif
    return NULL;
}

size_t ck_list_bits(const uint64_t *words, size_t first, size_t count, uint32_t *found) {
    size_t listed = 0;
    for (size_t bit = first; bit < first + count;) {
        const size_t in_word = 64 - bit % 64, left = first + count - bit;
        const size_t taken = in_word < left ? in_word : left;
        uint64_t word = words[bit / 64] >> bit % 64;
        if (taken < 64) word &= ((uint64_t)1 << taken) - 1;
        for (; word; word &= word - 1)
            found[listed++] = (uint32_t)(bit - first) + (uint32_t)__builtin_ctzll(word);
        bit += taken;
    }
    return listed;
}

size_t ck_count_bits(const uint64_t *words, size_t count) {
    size_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += (size_t)__builtin_popcountll(words[i]);
    return sum;
}
