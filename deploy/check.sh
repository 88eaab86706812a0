#!/bin/sh
# Builds all images, brings the compose file up with three replicas of documents, plays the main job through the containers,
# stops and starts everything, looks whether all is still there, and removes what it made but for the images.
#
#     deploy/check.sh                 images of the registry the engine is set up for
#     deploy/check.sh --own-images    base, PostgreSQL and RabbitMQ made here (root, debootstrap; MIRROR, SITE_CA: see base.sh)
#
# Needs a Docker engine, Compose 1.29 or 2, and `make setup`. KEEP=1 leaves the containers running.
set -eu
cd "$(dirname "$0")/.."
project=onnara-check
folder=.run/compose-check
python=.venv/bin/python

say() { printf '  %-10s %s\n' "$1" "$2"; }
fail() {
  say failed "$1" >&2
  compose ps >&2 || true
  compose logs --no-color --tail 8 >&2 || true
  exit 1
}
if docker compose version >/dev/null 2>&1; then dc='docker compose'; else dc=docker-compose; fi
compose() { $dc -p "$project" --env-file "$folder/env" "$@"; }
timed() {
  began=$(date +%s)
  what=$1
  shift
  "$@" >"$folder/$what.log" 2>&1 || {
    tail -n 30 "$folder/$what.log" >&2
    fail "$what, see $folder/$what.log"
  }
  say "$what" "$(($(date +%s) - began)) s"
}

# Compose 1.29 stops all at once, and a service whose database has gone first waits for names that no longer resolve.
stop() { compose stop gateway adapters documents approval directory && compose stop; }

own_images() {
  docker image inspect onnara-base:bookworm || deploy/own-images/base.sh onnara-base:bookworm ${MIRROR:-}
  for server in postgres rabbitmq; do
    docker build --network "${ONNARA_BUILD_NETWORK:-host}" -f "deploy/own-images/$server.Dockerfile" \
      --build-arg BASE_IMAGE=onnara-base:bookworm -t "onnara-$server" deploy/own-images
  done
}

settings() {
  deploy/secrets.sh
  cat <<END
ONNARA_VERSION=check
ONNARA_PUBLISH=127.0.0.1:${PORT:-18080}
ONNARA_DIRECTORY_DEMO=true
ONNARA_TRANSPORT_FOLDER=$(pwd)/$folder/transport
ONNARA_USER_ID=$user_id
END
  for name in BASE_IMAGE POSTGRES_IMAGE RABBITMQ_IMAGE BUILD_NETWORK PIP_INDEX_URL NPM_REGISTRY; do
    eval "value=\${ONNARA_$name:-}"
    [ -z "$value" ] || echo "ONNARA_$name=$value"
  done
}

addresses() {
  for container in $(compose ps -q "$1"); do
    docker inspect --format "{{(index .NetworkSettings.Networks \"${project}_inside\").IPAddress}}:50051" "$container"
  done | paste -sd, -
}

count() { compose exec -T postgres psql -U postgres -At -d "$1" -c "SELECT count(*) FROM $2" </dev/null; }

await_ready() {
  deadline=$(($(date +%s) + 120))
  while [ "$(compose ps -q | xargs docker inspect --format '{{.Name}} {{with .State.Health}}{{.Status}}{{end}}' |
    grep -c -E ' (starting|unhealthy)$')" != 0 ]; do
    [ "$(date +%s)" -lt "$deadline" ] || return 1
    sleep 1
  done
}

end() {
  status=$?
  [ -n "${KEEP:-}" ] || compose down --volumes --remove-orphans >"$folder/down.log" 2>&1 || true
  exit $status
}

if [ "$(id -u)" = 0 ]; then user_id=10001; else user_id=$(id -u); fi
rm -rf "$folder" && mkdir -p "$folder"
trap end EXIT
if [ "${1:-}" = --own-images ]; then
  export ONNARA_BASE_IMAGE=onnara-base:bookworm ONNARA_POSTGRES_IMAGE=onnara-postgres ONNARA_RABBITMQ_IMAGE=onnara-rabbitmq
  export ONNARA_BUILD_NETWORK="${ONNARA_BUILD_NETWORK:-host}"
fi
settings >"$folder/env"
"$python" deploy/play.py folders "$folder" "$user_id"
[ "${1:-}" != --own-images ] || timed own-images own_images
timed build compose build
timed up compose up -d --scale documents=3
timed ready await_ready
timed seed compose exec -T directory onnara seed --demo </dev/null
timed codes compose exec -T directory onnara import-codes </dev/null

set -- "$folder"
for name in directory documents approval adapters; do set -- "$@" "$name=$(addresses "$name")"; done
"$python" deploy/play.py "$@" || fail "the main job"

documents=$(count documents document)
timed stop stop
timed again compose up -d --scale documents=3
timed ready await_ready
[ "$(count documents document)" = "$documents" ] || fail "$documents documents before the stop"
for name in documents approval adapters; do
  parked=$(compose exec -T "$name" onnara parked list </dev/null)
  [ -z "$parked" ] || fail "parked messages of $name: $parked"
done
"$python" deploy/play.py page "http://127.0.0.1:${PORT:-18080}/sign-in" || fail "the sign-in page"
say done "$documents documents, before and after a stop and a start; no parked message"
