#!/usr/bin/env bash
# Runs the comparisons in Benchmarks/, all of them or those that are named, in a virtual environment
# in the cache. Usage: bench.sh [--sentence-transformers] [embedding] [service] [deadline]
set -euo pipefail
cd "$(dirname "$0")/.."

environment=benchmarks requirements=(Benchmarks/requirements.txt) embedding=(--markdown)
if [ "${1:-}" = --sentence-transformers ]; then
    shift
    environment=benchmarks-torch requirements+=(Benchmarks/requirements-torch.txt)
    embedding+=(--sentence-transformers)
fi
python="$(scripts/python.sh "$environment" "${requirements[@]}")"
[ $# -gt 0 ] || set -- embedding service deadline
for name in "$@"; do
    printf '\n%s\n' "$name"
    options=()
    [ "$name" != embedding ] || options=("${embedding[@]}")
    "$python" "Benchmarks/$name.py" "${options[@]}"
done
