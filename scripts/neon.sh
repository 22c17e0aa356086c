#!/usr/bin/env bash
# Builds the index's kernels for 64-bit Arm and holds them to their oracles under qemu.
# Needs clang with lld, and from Debian: qemu-user libc6-dev-arm64-cross libgcc-12-dev-arm64-cross.
set -euo pipefail
cd "$(dirname "$0")/.."

for tool in clang qemu-aarch64; do
    command -v "$tool" >/dev/null || {
        echo "neon: skipped, there is no $tool" >&2
        exit 0
    }
done
libraries=/usr/aarch64-linux-gnu
[ -e "$libraries/lib/crt1.o" ] || {
    echo "neon: skipped, there is no C library for Arm" >&2
    exit 0
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
clang --target=aarch64-linux-gnu -std=c11 -O2 -Wall -Wextra -Werror -fuse-ld=lld -static \
    -isystem "$libraries/include" -ISources/CKernels/include \
    Tests/CrossTests/codes_oracle.c Sources/CKernels/{codes_*,checksum,graph}.c -lm -o "$scratch/oracle"
qemu-aarch64 -cpu max "$scratch/oracle"
