#!/usr/bin/env bash
# What README.md says of two instances behind one PostgreSQL: its commands are taken from there and run, with an empty
# database at $CRONOFY_TEST_POSTGRES (`.ci/postgres .ci/two_instances.sh`).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
commands=$(awk '$0 == "```sh" { block = ""; inside = 1; next }
  $0 == "```" { if (inside && index(block, "example-axum")) printf "%s", block; inside = 0; next }
  inside { block = block $0 "\n" }' "$root/README.md")
[ -n "$commands" ] || { echo "README.md has no such commands"; exit 1; }
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -r "$folder"' EXIT
export DATABASE_URL=$CRONOFY_TEST_POSTGRES NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
cargo test --quiet --workspace --no-run --test sandbox --test settings
cd "$folder"
mkdir target && ln -s "${CARGO_TARGET_DIR:-$root/target}/debug" target/debug
cargo() { :; } # Built above: here is no workspace.
eval "$commands" >printed
cat printed; echo
people=$(jq '.service_accounts[0].users | length' <<<"$READY")
tail -n 1 printed | jq -e --argjson people "$people" '. == {open: 0, authorized: $people, failed: 0}' >/dev/null ||
  { echo "not everybody was authorized:"; cat one.log two.log; exit 1; }
grep -h "a callback: Taken" one.log | sed 's/^/one: /;q'
grep -h "a callback: Taken" two.log | sed 's/^/two: /;q'
