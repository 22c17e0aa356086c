#!/usr/bin/env bash
# Runs the comparisons in Benchmarks/, all of them or those that are named, in a virtual environment
# in the cache. Usage: bench.sh [embedding] [service] [deadline]
set -euo pipefail
cd "$(dirname "$0")/.."

python="$(scripts/python.sh benchmarks Benchmarks/requirements.txt)"
[ $# -gt 0 ] || set -- embedding service deadline
for name in "$@"; do
    printf '\n%s\n' "$name"
    "$python" "Benchmarks/$name.py"
done
