#!/bin/sh
# Makes the virtual environment: Python 3.11 or newer -> .venv with the locked packages and this checkout's own, editable.
# A second run does nothing while the lock and the members' pyproject files are the same. Needs no Python package itself.
set -eu
cd "$(dirname "$0")/.."
venv=.venv
log=.run/setup.log
members="protos chassis adapters gateway tools $(ls -d services/*/)"
began=$(date +%s)

say() { printf '  %-9s %s\n' setup "$1"; }
fail() {
  say "$1" >&2
  [ ! -s "$log" ] || tail -n 15 "$log" >&2
  exit 1
}

find_python() {
  for name in "${PYTHON:-}" python3.14 python3.13 python3.12 python3.11 python3; do
    [ -n "$name" ] || continue
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    command -v "$name"
    return
  done
  return 1
}

# Debian splits venv and pip off Python.
ensure_venv_module() {
  "$python" -c 'import ensurepip, venv' 2>/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && { apt-get install -y -qq --no-install-recommends "$version-venv" ||
      apt-get install -y -qq --no-install-recommends python3-venv; }; } >>"$log" 2>&1 </dev/null || true
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
  fi
  fail "$python cannot make a virtual environment; install its venv module (Debian: apt-get install python3-venv) and try again"
}

make_venv() {
  # A moved or half-made environment is made anew: its scripts name the place they were made in.
  if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import pip' 2>/dev/null &&
    grep -qF "$(pwd)/$venv" "$venv/bin/activate" 2>/dev/null; then return; fi
  python=$(find_python) || fail "no Python 3.11 or newer found; install one, or name it: make setup PYTHON=/path/to/python3"
  ensure_venv_module
  rm -rf "$venv"
  "$python" -m venv "$venv" >>"$log" 2>&1 || fail "the virtual environment could not be made"
}

editable() { for member in $members; do printf ' -e %s' "./${member%/}"; done; }

# uv is many times faster; a site whose mirror is set up for pip alone gets its packages through pip.
install_with_uv() {
  "$venv/bin/pip" install -q --disable-pip-version-check --require-hashes -r requirements/bootstrap.lock &&
    "$venv/bin/uv" pip install -q --python "$venv/bin/python" --require-hashes -r requirements.lock &&
    "$venv/bin/uv" pip install -q --python "$venv/bin/python" --offline --no-deps --no-build-isolation $(editable)
}
install_with_pip() {
  "$venv/bin/pip" install -q --disable-pip-version-check --require-hashes -r requirements.lock &&
    "$venv/bin/pip" install -q --disable-pip-version-check --no-deps --no-build-isolation $(editable)
}

state() {
  pwd
  cat tools/setup.sh requirements.lock requirements/bootstrap.lock
  for member in $members; do cat "$member/pyproject.toml"; done
}

wanted=$(state | cksum)
stamp=$venv/.setup-stamp
if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
  exit 0
fi
mkdir -p .run
: >"$log"
make_venv
rm -f "$stamp"
install_with_uv >>"$log" 2>&1 || install_with_pip >>"$log" 2>&1 || fail "the packages could not be installed (whole log: $log)"
printf '%s' "$wanted" >"$stamp"
count=$(ls -d "$venv"/lib/python3*/site-packages/*.dist-info | wc -l)
say "$("$venv/bin/python" --version) with $((count)) packages in $venv ($(($(date +%s) - began)) s)"
