// Reads memory from end to end and does nothing else worth the name: the machine's limit.
#ifndef CSTREAM_H
#define CSTREAM_H

#include <stddef.h>
#include <stdint.h>

/// The sum of `count` words, a multiple of 32, by the widest registers that the processor has.
uint64_t cs_sum_u64(const uint64_t *words, size_t count);

#endif
