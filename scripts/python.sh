#!/usr/bin/env bash
# Makes a virtual environment in the cache from files of pinned packages, once.
# Usage: python.sh NAME REQUIREMENTS...; prints the environment's python.
set -euo pipefail
name="$1"
shift
environment="${XDG_CACHE_HOME:-$HOME/.cache}/conductor/$name"
stamp="$environment/$(cat "$@" | sha256sum | cut -c1-16)"
if [ ! -e "$stamp" ]; then
    echo "setup: installing $* into $environment" >&2
    # Without pip of its own: Debian's Python can make no other environment out of the box.
    if ! { python3 -m venv --clear --without-pip "$environment" &&
        python3 -m pip --disable-pip-version-check --python "$environment/bin/python" install \
            --quiet "${@/#/--requirement=}"; } >&2; then
        echo "setup: step \"python packages\" failed" >&2
        echo "setup: by hand: python3 -m venv --without-pip $environment && python3 -m pip --python $environment/bin/python install ${*/#/-r }" >&2
        exit 1
    fi
    touch "$stamp"
fi
echo "$environment/bin/python"
