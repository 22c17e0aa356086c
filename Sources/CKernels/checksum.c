// CRC-32C, the checksum of an index file's chunks: every single flipped bit changes it.
#include "internal.h"

/// The remainders of all four-bit values, for processors without an instruction of their own.
static const uint32_t ck_crc32c_nibbles[16] = {
    0x00000000, 0x105EC76F, 0x20BD8EDE, 0x30E349B1, 0x417B1DBC, 0x5125DAD3, 0x61C69362, 0x7198540D,
    0x82F63B78, 0x92A8FC17, 0xA24BB5A6, 0xB21572C9, 0xC38D26C4, 0xD3D3E1AB, 0xE330A81A, 0xF36E6F75,
};

static uint32_t ck_crc32c_scalar(const uint8_t *bytes, size_t count, uint32_t crc) {
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        crc = crc >> 4 ^ ck_crc32c_nibbles[crc & 15];
        crc = crc >> 4 ^ ck_crc32c_nibbles[crc & 15];
    }
    return crc;
}

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t ck_crc32c_sse42(const uint8_t *bytes,
                                                                  size_t count, uint32_t crc) {
    uint64_t wide = crc;
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof word);
        wide = _mm_crc32_u64(wide, word);
    }
    for (; i < count; i++) wide = _mm_crc32_u8((uint32_t)wide, bytes[i]);
    return (uint32_t)wide;
}
#elif defined(__aarch64__)
#include <arm_acle.h>

__attribute__((target("crc"))) static uint32_t ck_crc32c_arm(const uint8_t *bytes, size_t count,
                                                             uint32_t crc) {
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof word);
        crc = __crc32cd(crc, word);
    }
    for (; i < count; i++) crc = __crc32cb(crc, bytes[i]);
    return crc;
}

#if defined(__linux__)
#include <sys/auxv.h>
/// HWCAP_CRC32 of <asm/hwcap.h>.
#define CK_HAS_CRC32() (getauxval(AT_HWCAP) >> 7 & 1)
#else
#define CK_HAS_CRC32() 1
#endif
#endif

uint32_t ck_crc32c(const void *bytes, size_t count, int plain) {
    const uint32_t start = 0xFFFFFFFF;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!plain && __builtin_cpu_supports("sse4.2"))
        return ~ck_crc32c_sse42(bytes, count, start);
#elif defined(__aarch64__)
    if (!plain && CK_HAS_CRC32()) return ~ck_crc32c_arm(bytes, count, start);
#endif
    return ~ck_crc32c_scalar(bytes, count, start);
}
