// Holds every instruction set's kernels of the exact index to 64-bit sums and to plain C, on whatever
// processor it was built for: scripts/oracle.sh.
#include "CodeKernels.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// More than are gated together.
#define ROWS 141
#define SLAB_ROWS 80
#define MOST 1088

static uint64_t state = 1;
static int failures;

/// SplitMix64.
static uint64_t next(void) {
    uint64_t z = state += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

static float number(void) { return (float)((double)(int64_t)next() * 0x1p-63); }

static void check(int holds, int isa, const char *what, size_t dimension) {
    if (holds) return;
    failures++;
    printf("instruction set %d: %s is wrong at dimension %zu\n", isa, what, dimension);
}

static void check_codes(const struct ck_code_kernels *k, size_t dimension, int extreme) {
    static uint8_t codes[ROWS * MOST / 2];
    static int8_t low[MOST / 2], high[MOST / 2];
    const size_t stride = dimension / 2;
    for (size_t i = 0; i < ROWS * stride; i++) codes[i] = extreme ? 0xFF : (uint8_t)next();
    for (size_t j = 0; j < stride; j++) {
        low[j] = extreme ? 127 * extreme : (int8_t)((int)(next() % 255) - 127);
        high[j] = extreme ? 127 * extreme : (int8_t)((int)(next() % 255) - 127);
    }
    int32_t dots[ROWS];
    k->dots_u4(low, high, stride, codes, ROWS, dots);
    for (size_t i = 0; i < ROWS; i++) {
        int64_t sum = 0;
        for (size_t j = 0; j < stride; j++) {
            const uint8_t byte = codes[i * stride + j];
            sum += (int64_t)(byte & 15) * low[j] + (int64_t)(byte >> 4) * high[j];
        }
        check(dots[i] == sum, k->isa, "dots_u4", dimension);
    }

    const struct ck_code_kernels *plain = ck_code_kernels_for(0);
    struct ck_code_header headers[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        headers[i] = (struct ck_code_header){number(), fabsf(number()), fabsf(number()), number()};
    headers[5].residual = INFINITY;
    struct ck_code_query queries[6];
    for (size_t q = 0; q < 6; q++)
        queries[q] = (struct ck_code_query){low,      high,     (int32_t)q * 100, 1e-4f,
                                            number(), number(), number(),         number()};
    float thresholds[6] = {-INFINITY, 0, 0.5f, 1, -1, INFINITY};
    static uint32_t found[2][6 * ROWS];
    static float bounds[2][6 * ROWS];
    size_t counts[2][6];
    const struct ck_code_kernels *both[2] = {k, plain};
    uint32_t rows[20];
    for (size_t i = 0; i < 20; i++) rows[i] = (uint32_t)(next() % ROWS);
    for (size_t count = 0; count <= ROWS; count += count < 18 || count > 126 ? 1 : 27) {
        for (int s = 0; s < 2; s++)
            both[s]->gate_batch_u4(queries, 6, stride, codes, headers, count, thresholds, found[s],
                                   bounds[s], counts[s]);
        for (size_t q = 0; q < 6; q++)
            check(counts[0][q] == counts[1][q] &&
                      !memcmp(found[0] + q * count, found[1] + q * count, 4 * counts[0][q]) &&
                      !memcmp(bounds[0] + q * count, bounds[1] + q * count, 4 * counts[0][q]),
                  k->isa, "gate_batch_u4", dimension);
    }
    for (size_t q = 0; q < 6; q++) {
        size_t passed[2];
        for (int s = 0; s < 2; s++)
            passed[s] = both[s]->gate_u4(queries + q, stride, codes, headers, ROWS, thresholds[q],
                                         found[s], bounds[s]);
        check(passed[0] == passed[1] && !memcmp(found[0], found[1], 4 * passed[0]) &&
                  !memcmp(bounds[0], bounds[1], 4 * passed[0]),
              k->isa, "gate_u4", dimension);
        for (int s = 0; s < 2; s++)
            passed[s] = both[s]->gate_rows_u4(queries + q, stride, codes, headers, rows, 20,
                                              thresholds[q], found[s], bounds[s]);
        check(passed[0] == passed[1] && !memcmp(found[0], found[1], 4 * passed[0]) &&
                  !memcmp(bounds[0], bounds[1], 4 * passed[0]),
              k->isa, "gate_rows_u4", dimension);
    }
}

/// Estimates of rows that stand in two slabs, each with the bits of plain C.
static void check_estimates(const struct ck_code_kernels *k, size_t dimension) {
    static uint8_t slab[2][SLAB_ROWS * (MOST / 2 + sizeof(struct ck_code_header))];
    static int8_t low[MOST / 2], high[MOST / 2], plain_low[MOST / 2], plain_high[MOST / 2];
    const struct ck_code_kernels *plain = ck_code_kernels_for(0);
    const size_t stride = dimension / 2;
    for (size_t s = 0; s < 2; s++) {
        for (size_t i = 0; i < SLAB_ROWS * stride; i++) slab[s][i] = (uint8_t)next();
        for (size_t i = 0; i < SLAB_ROWS; i++) {
            const struct ck_code_header header = {number(), fabsf(number()), fabsf(number()),
                                                  number()};
            memcpy(slab[s] + SLAB_ROWS * stride + i * sizeof header, &header, sizeof header);
        }
    }
    const uint8_t *codes = slab[0], *starts[] = {slab[0], slab[1]};
    const struct ck_code_slabs slabs = {starts, stride, SLAB_ROWS};
    const int32_t offset = k->multipliers_u4(codes + 3 * stride, stride, low, high);
    check(offset == plain->multipliers_u4(codes + 3 * stride, stride, plain_low, plain_high) &&
              !memcmp(low, plain_low, stride) && !memcmp(high, plain_high, stride),
          k->isa, "multipliers_u4", dimension);
    const struct ck_code_query query = {low, high, offset, 1e-3f, 0, 0, -1, 0.25f};
    uint32_t rows[ROWS];
    for (size_t i = 0; i < ROWS; i++) rows[i] = (uint32_t)(i * 7 % ROWS);
    float ours[ROWS], theirs[ROWS];
    for (size_t count = 0; count <= ROWS; count += count < 18 ? 1 : 41) {
        k->estimate_rows_u4(&query, &slabs, rows, count, ours);
        plain->estimate_rows_u4(&query, &slabs, rows, count, theirs);
        check(!memcmp(ours, theirs, count * sizeof *ours), k->isa, "estimate_rows_u4", dimension);
    }
}

static void check_bytes(const struct ck_code_kernels *k, size_t dimension, int extreme) {
    static uint8_t rows[3 * MOST];
    static int8_t query[MOST];
    for (size_t i = 0; i < 3 * dimension; i++) rows[i] = extreme ? 255 : (uint8_t)next();
    for (size_t j = 0; j < dimension; j++)
        query[j] = extreme ? 63 * extreme : (int8_t)((int)(next() % 127) - 63);
    int32_t dots[3];
    k->dots_i8(query, rows, dimension, 3, dots);
    for (size_t i = 0; i < 3; i++) {
        int64_t sum = 0;
        for (size_t j = 0; j < dimension; j++)
            sum += ((int64_t)rows[i * dimension + j] - 128) * query[j];
        check(dots[i] == sum, k->isa, "dots_i8", dimension);
    }
}

static void check_floats(const struct ck_code_kernels *k, size_t dimension) {
    const struct ck_code_kernels *plain = ck_code_kernels_for(0);
    static float values[6 * MOST];
    const float *rows[5];
    for (size_t i = 0; i < 6 * dimension; i++) values[i] = number();
    for (size_t i = 0; i < 5; i++) rows[i] = values + (i + 1) * dimension;
    float ours[5], theirs[5];
    k->dots_rows_f32(values, rows, dimension, 5, ours);
    plain->dots_rows_f32(values, rows, dimension, 5, theirs);
    check(!memcmp(ours, theirs, sizeof ours), k->isa, "dots_rows_f32", dimension);
    k->distances_rows_f32(values, rows, dimension, 5, ours);
    plain->distances_rows_f32(values, rows, dimension, 5, theirs);
    check(!memcmp(ours, theirs, sizeof ours), k->isa, "distances_rows_f32", dimension);
    if (dimension % 64) return;
    static uint32_t signs[CK_ROTATION_ROUNDS * MOST];
    for (size_t i = 0; i < CK_ROTATION_ROUNDS * dimension; i++)
        signs[i] = (uint32_t)next() & 0x80000000u;
    static float copy[MOST];
    static uint8_t codes[2][MOST / 2];
    struct ck_code_header headers[2];
    memcpy(copy, values, dimension * sizeof *copy);
    k->rotate_f32(signs, dimension, values);
    plain->rotate_f32(signs, dimension, copy);
    check(!memcmp(values, copy, dimension * sizeof *copy), k->isa, "rotate_f32", dimension);
    k->encode_u4(values, dimension, codes[0], headers);
    plain->encode_u4(copy, dimension, codes[1], headers + 1);
    check(!memcmp(codes[0], codes[1], dimension / 2) &&
              !memcmp(headers, headers + 1, sizeof *headers),
          k->isa, "encode_u4", dimension);
}

int main(void) {
    for (int isa = 0; isa < 8; isa++) {
        const struct ck_code_kernels *k = ck_code_kernels_for(isa);
        if (!k) continue;
        for (size_t dimension = 64; dimension <= MOST; dimension += 64)
            for (int extreme = -1; extreme <= 1; extreme++) check_codes(k, dimension, extreme);
        for (size_t dimension = 64; dimension <= MOST; dimension += 64)
            check_estimates(k, dimension);
        for (size_t dimension = 1; dimension <= MOST; dimension += dimension < 130 ? 1 : 37)
            for (int extreme = -1; extreme <= 1; extreme++) check_bytes(k, dimension, extreme);
        for (size_t dimension = 1; dimension <= MOST; dimension++) check_floats(k, dimension);
        printf("instruction set %d: checked\n", isa);
    }
    // The check value of the catalogue of CRCs.
    for (int plain = 0; plain < 2; plain++)
        check(ck_crc32c("123456789", 9, plain) == 0xE3069283, plain, "crc32c", 9);
    return failures != 0;
}
