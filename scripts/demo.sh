#!/usr/bin/env bash
# Plans from real runbooks in a temporary copy of corpora/, and checks every line it cites.
set -euo pipefail
cd "$(dirname "$0")/.."

conductor="$PWD/.build/release/conductor"
started=$SECONDS
world="$(mktemp -d)"
trap 'rm -rf "$world"' EXIT
cp -R corpora/. "$world"
cd "$world"
export CONDUCTOR_ROOT="$world"

say() { printf '\n$ %s\n' "$*"; }
run() {
    local began=$SECONDS
    say "conductor $*"
    "$conductor" "$@"
    times+="$1 $((SECONDS - began)) s, "
}
times=""

run kv import facts.json
run index docs runbooks playbooks services manifests terraform
run search "container keeps crashing with CrashLoopBackOff" --limit 3
run plan "cut the S3 bill" --run demo

citations="$world/citations"
grep -oE '[^ ]+:[0-9]+-[0-9]+$' "$world/memory/runs/demo/plan.md" | sort -u >"$citations"
[ -s "$citations" ] || { echo "demo: the plan cites nothing" >&2; exit 1; }
while read -r citation; do
    "$conductor" get "$citation" >/dev/null || { echo "demo: $citation does not resolve" >&2; exit 1; }
done <"$citations"
printf '\ndemo: %s citations, all of them resolve; %sin all %s s after the build\n' \
    "$(wc -l <"$citations")" "$times" "$((SECONDS - started))"
