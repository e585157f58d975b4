#!/usr/bin/env bash
# What cronofy-sandbox/README.md says the sandbox does: its shell functions and the commands of its table are taken from
# there and run, and what the last column says has to be in what is printed, in that order. Its other examples are run,
# too, and its world is started with.
# usage: sandbox_rows.sh CRONOFY_BINARY
set -euo pipefail
readme=$(cd "$(dirname "$0")/.." && pwd)/cronofy-sandbox/README.md
# A folder of the workspace, because one of the commands is cargo's.
work=$(cd "$(dirname "$1")/.." && pwd)/sandbox-rows
rm -rf "$work" && mkdir -p "$work/bin"
ln -s "$(cd "$(dirname "$1")" && pwd)/$(basename "$1")" "$work/bin/cronofy"
cd "$work"
export PATH=$work/bin:$PATH NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

block() { # KIND TEXT: the blocks of this kind with this text in them
  awk -v kind='```'"$1" -v text="$2" '
    $0 == kind { block = ""; inside = 1; next }
    $0 == "```" { if (inside && index(block, text)) printf "%s", block; inside = 0; next }
    inside { block = block $0 "\n" }' "$readme"
}

spans() { grep -o '`[^`]*`' <<<"$1" | tr -d '`'; }

holds() { # FILE: whether it has every line of standard input in it, one after the other
  local rest
  rest=$(<"$1")
  while IFS= read -r expected; do
    [[ $rest == *"$expected"* ]] || { echo "not there: $expected"; return 1; }
    rest=${rest#*"$expected"}
  done
}

row() { # NUMBER COMMANDS EXPECTED
  curl -sS --fail -X POST "$API/_sandbox/reset"
  # In this shell, as a reader's: what one command sets the next one has. Some of them fail on purpose.
  set +eu
  eval "$2" >"row-$1" 2>&1
  set -eu
  holds "row-$1" <<<"$3" || { printf 'row %s\n%s\n%s\n' "$1" "$2" "$(<"row-$1")"; exit 1; }
}

# Free ports instead of those that the README names.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
eval "$(block sh '> ready.json' | sed -n 's/127\.0\.0\.1:8500/127.0.0.1:0/; s/^cronofy .*/& 2>log \&/p')"
for _ in $(seq 200); do read -r _ <ready.json && break; sleep 0.05; done
eval "$(block sh 'connect() {')"
eval "$(block sh 'HOOK=' | sed "s/3001/$port/g")"

number=0
while IFS='|' read -r _ _ _ commands expected _ <&3; do
  number=$((number + 1))
  row "$number" "$(spans "$commands")" "$(spans "$expected")"
done 3< <(grep '^| [0-9]* | ' "$readme")
[ "$number" = 22 ] || { echo "the table has $number rows"; exit 1; }

# The other examples, none of which is refused: a day of an application, Enterprise Connect, and the control API.
curl -sS --fail -X POST "$API/_sandbox/reset"
connect
curl() { command curl --fail-with-body "$@" || echo "refused: $*" >>refused; }
eval "$(block sh '/v1/free_busy')" >day 2>&1
eval "$(block sh '/_sandbox/')" >examples 2>&1
unset -f curl
[ ! -e refused ] || { cat day examples refused; exit 1; }
holds day <<<$'"event_id":"visit-1"\nT12:00:00Z"}\n"available_periods":[' || { cat day; exit 1; }
holds examples <<<$'"state":"for-cleo"\n"profile_name":"cleo@orchard.example"' || { cat examples; exit 1; }
grep -q '^genuine .*"for-bram"' callbacks.log

block toml 'world = ' >world.toml
timeout 2 cronofy sandbox --scenario world.toml >world.json 2>world.log || true
jq -e .ready world.json >/dev/null || { cat world.log; exit 1; }
if grep warning world.log; then exit 1; fi

echo "sandbox: $number rows of its README, and the world in it"
