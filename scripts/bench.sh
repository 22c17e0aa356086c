#!/usr/bin/env bash
# Runs the comparisons in Benchmarks/ in virtual environments in the cache: those that are named, or all
# but `vectors` and `million`, which need data.
# Usage: bench.sh [--sentence-transformers] [embedding] [service] [deadline]
#        bench.sh vectors|million [--data DIR] [OPTION…]
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = vectors ] || [ "${1:-}" = million ]; then
    name="$1"
    shift
    # Apart from the product's build; dependencies come from the package manager's cache.
    swift build -c release --package-path Benchmarks --scratch-path .build-benchmarks >&2
    exec "$(scripts/python.sh benchmarks-vectors Benchmarks/requirements-vectors.txt)" \
        "Benchmarks/$name.py" "$@"
fi

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
