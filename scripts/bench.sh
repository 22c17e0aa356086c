#!/usr/bin/env bash
# Runs every comparison in Benchmarks/ against its peers, in a virtual environment in the cache.
set -euo pipefail
cd "$(dirname "$0")/.."

python="$(scripts/python.sh benchmarks Benchmarks/requirements.txt)"
"$python" Benchmarks/embedding.py "$@"
