#!/bin/sh
# Runs one step of `make check`: its name, the last line it said and the seconds it took; all it said when it fails.
#   usage: step.sh NAME COMMAND...
set -u
name=$1
shift
began=$(date +%s)
said=$("$@" 2>&1)
result=$?
took=$(($(date +%s) - began))
if [ "$result" -ne 0 ]; then
  printf '%s\n  %-9s failed (%s s): %s\n' "$said" "$name" "$took" "$*" >&2
  exit "$result"
fi
printf '  %-9s %s (%s s)\n' "$name" "$(printf '%s\n' "$said" | sed -n '/./h;${g;s/^ *//;p;}')" "$took"
