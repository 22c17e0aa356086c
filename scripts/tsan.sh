#!/usr/bin/env bash
# Changes an index with a graph while two threads search it, under ThreadSanitizer, and holds its recall
# against that of an index made anew. Ends with 1 where less is found, and with 66 where two threads met.
# Usage: tsan.sh [SECONDS [ROWS]], 60 and 4000 where they are not told.
set -euo pipefail
cd "$(dirname "$0")/.."

# Apart from the product's build, and from that of the benchmarks, which are not instrumented.
swift build -c release --sanitize=thread --package-path Benchmarks --scratch-path .build-tsan \
    --product index-churn >&2
# The sanitizer wants its memory where newer kernels may put others'.
exec env TSAN_OPTIONS="halt_on_error=0 ${TSAN_OPTIONS:-}" \
    setarch "$(uname -m)" -R .build-tsan/release/index-churn "$@"
