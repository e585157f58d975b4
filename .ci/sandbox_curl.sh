#!/usr/bin/env bash
# The sandbox, driven with curl alone: authorize, token, refresh, revoke. What any language can do.
# usage: sandbox_curl.sh CRONOFY_BINARY
set -euo pipefail
out=$(mktemp)
"$1" sandbox --auto-consent auto --seed 7 >"$out" 2>/dev/null &
sandbox=$!
trap 'kill "$sandbox" 2>/dev/null; rm -f "$out"' EXIT
for _ in $(seq 200); do [ -s "$out" ] && break; sleep 0.05; done
field() { python3 -c 'import json,sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
api=$(field api_url <"$out") id=$(field client_id <"$out") secret=$(field client_secret <"$out")
redirect=http://127.0.0.1:9/callback

location=$(curl -sS -o /dev/null -w '%{redirect_url}' -G "$api/oauth/authorize" -d response_type=code \
  -d "client_id=$id" --data-urlencode "redirect_uri=$redirect" --data-urlencode 'scope=read_events create_event' -d state=s1)
case $location in "$redirect?code="*"&state=s1") ;; *) echo "authorize came back with $location"; exit 1 ;; esac
code=${location#*code=} code=${code%%&*}

token() { curl -sS --fail-with-body "$api/oauth/token" -d "client_id=$id" -d "client_secret=$secret" "$@"; }
tokens=$(token -d grant_type=authorization_code -d "code=$code" --data-urlencode "redirect_uri=$redirect")
access=$(field access_token <<<"$tokens") refresh=$(field refresh_token <<<"$tokens")
userinfo() { curl -sS -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $access" "$api/v1/userinfo"; }
[ "$(userinfo)" = 200 ]
tokens=$(token -d grant_type=refresh_token -d "refresh_token=$refresh")
access=$(field access_token <<<"$tokens")
[ "$(userinfo)" = 200 ]
curl -sS --fail "$api/oauth/token/revoke" -d "client_id=$id" -d "client_secret=$secret" -d "token=$access"
[ "$(userinfo)" = 401 ]
if token -d grant_type=authorization_code -d "code=$code" --data-urlencode "redirect_uri=$redirect" >/dev/null 2>&1; then
  echo "a code worked twice"; exit 1
fi
echo "sandbox: authorize, token, refresh and revoke with curl"
