#!/usr/bin/env bash
# Runs every comparison in Benchmarks/ against its peers, in a virtual environment in the cache.
set -euo pipefail
cd "$(dirname "$0")/.."

cache="${XDG_CACHE_HOME:-$HOME/.cache}/conductor"
environment="$cache/benchmarks"
stamp="$environment/$(sha256sum Benchmarks/requirements.txt | cut -c1-16)"
if [ ! -e "$stamp" ]; then
    echo "bench: installing peers into $environment"
    python3 -m venv --clear "$environment"
    "$environment/bin/pip" --disable-pip-version-check install --quiet \
        --requirement Benchmarks/requirements.txt
    touch "$stamp"
fi
"$environment/bin/python" Benchmarks/embedding.py "$@"
