#!/usr/bin/env bash
# Runs the comparisons in Benchmarks/ in virtual environments in the cache: those that are named, or all
# but `vectors`, `graphs`, `million`, `retrieval` and `latency`, which need data.
# Usage: bench.sh [--sentence-transformers] [embedding] [service] [deadline]
#        bench.sh vectors|graphs|million [--data DIR] [OPTION…]
#        bench.sh retrieval SET… [OPTION…]
#        bench.sh latency CORPORA QUERIES… [OPTION…]
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ "${1:-}" =~ ^(vectors|graphs|million)$ ]]; then
    name="$1"
    shift
    # Apart from the product's build; dependencies come from the package manager's cache.
    swift build -c release --package-path Benchmarks --scratch-path .build-benchmarks >&2
    exec "$(scripts/python.sh benchmarks-vectors Benchmarks/requirements-vectors.txt)" \
        "Benchmarks/$name.py" "$@"
fi

if [ "${1:-}" = retrieval ]; then
    shift
    exec "$(scripts/python.sh benchmarks-retrieval Benchmarks/requirements.txt \
        Benchmarks/requirements-torch.txt Benchmarks/requirements-retrieval.txt)" \
        Benchmarks/retrieval.py --markdown "$@"
fi

if [ "${1:-}" = latency ]; then
    shift
    exec python3 Benchmarks/latency.py "$@"
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
