#!/bin/sh
# Front-end packages of the gateway, as its lock file names them: package-lock.json -> gateway/node_modules.
# Node comes from the virtual environment. Install scripts of packages never run.
set -eu
cd "$(dirname "$0")/.."
lock=gateway/package-lock.json
[ -f "$lock" ] || exit 0
stamp=gateway/node_modules/.setup-stamp
wanted=$(cksum <"$lock")
[ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || exit 0
began=$(date +%s)
mkdir -p .run
log=.run/frontend.log
if ! .venv/bin/npm ci --prefix gateway --no-audit --no-fund --ignore-scripts >"$log" 2>&1 </dev/null; then
  printf '  %-9s %s\n' frontend "the packages could not be installed" >&2
  tail -n 15 "$log" >&2
  exit 1
fi
printf '%s' "$wanted" >"$stamp"
printf '  %-9s %s\n' frontend "packages in gateway/node_modules ($(($(date +%s) - began)) s)"
