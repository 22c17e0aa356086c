// Chooses one instruction set before main and never again.
#include "internal.h"

#include <stdlib.h>

static const struct ck_kernels *current = &ck_kernels_scalar;

const struct ck_kernels *ck_kernels_for(enum ck_isa isa) {
    if (isa == CK_ISA_SCALAR) return &ck_kernels_scalar;
#if defined(__x86_64__)
    if (isa == CK_ISA_AVX2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &ck_kernels_avx2;
    if (isa == CK_ISA_AVX512 && __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vnni"))
        return &ck_kernels_avx512;
#endif
    return NULL;
}

void ck_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

const struct ck_kernels *ck_kernels_current(void) { return current; }

__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
#endif
    // A processor without the wanted set keeps the best it has.
    static const char *const names[] = {"scalar", "avx2", "avx512"};
    const char *wanted = getenv("CONDUCTOR_ISA");
    const struct ck_kernels *named = NULL;
    for (int isa = CK_ISA_SCALAR; isa <= CK_ISA_AVX512; isa++) {
        const struct ck_kernels *kernels = ck_kernels_for((enum ck_isa)isa);
        if (!kernels) continue;
        current = kernels;
        if (wanted && strcmp(wanted, names[isa]) == 0) named = kernels;
    }
    if (named) current = named;
}
