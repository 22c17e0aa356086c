#!/usr/bin/env bash
# Holds the index's kernels to their oracles: those of this processor, and those of 64-bit Arm under qemu
# where both a C library and an emulator are there. Needs clang, and for Arm lld and from Debian:
# qemu-user libc6-dev-arm64-cross libgcc-12-dev-arm64-cross.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v clang >/dev/null || {
    echo "oracle: skipped, there is no clang" >&2
    exit 0
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Usage: oracle TARGET [CLANG OPTION…]
oracle() {
    local target="$1"
    shift
    clang -std=c11 -O2 -Wall -Wextra -Werror "$@" -ISources/CKernels/include \
        Tests/CrossTests/codes_oracle.c Sources/CKernels/*.c -lm \
        -o "$scratch/$target"
}

oracle host
"$scratch/host"

command -v qemu-aarch64 >/dev/null || {
    echo "oracle: Arm is skipped, there is no qemu-aarch64" >&2
    exit 0
}
libraries=/usr/aarch64-linux-gnu
[ -e "$libraries/lib/crt1.o" ] || {
    echo "oracle: Arm is skipped, there is no C library for it" >&2
    exit 0
}
oracle arm --target=aarch64-linux-gnu -fuse-ld=lld -static -isystem "$libraries/include"
qemu-aarch64 -cpu max "$scratch/arm"
