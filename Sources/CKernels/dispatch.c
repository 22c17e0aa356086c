// Chooses one instruction set before main and never again.
#include "internal.h"

#include <stdlib.h>

static const struct ck_kernels *current = &ck_kernels_scalar;

const struct ck_kernels *ck_kernels_for(enum ck_isa isa) {
    if (isa == CK_ISA_SCALAR) return &ck_kernels_scalar;
#if defined(__x86_64__)
    if (isa == CK_ISA_AVX2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &ck_kernels_avx2;
#endif
    return NULL;
}

const struct ck_kernels *ck_kernels_current(void) { return current; }

__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
#endif
    const struct ck_kernels *best = ck_kernels_for(CK_ISA_AVX2);
    if (best) current = best;
    const char *wanted = getenv("CONDUCTOR_ISA");
    if (wanted && strcmp(wanted, "scalar") == 0) current = &ck_kernels_scalar;
}
