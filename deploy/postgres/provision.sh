#!/bin/sh
# Gives each service its database and its three roles; may run any number of times, and takes over changed passwords.
#
# PGHOST, PGUSER, PGPASSWORD: the administrator. For each SERVICE in SERVICES: <SERVICE>_OWNER_PASSWORD for <service>_owner,
# whom only the migrate job uses, and <SERVICE>_PASSWORD for <service>_rpc and <service>_worker, under which it runs.
set -eu
for service in ${SERVICES:?names of the services}; do
  upper=$(printf %s "$service" | tr '[:lower:]' '[:upper:]')
  # psql reads the passwords from its environment: they stand in no process list.
  eval "OWNER_PASSWORD=\${${upper}_OWNER_PASSWORD:?} SERVICE_PASSWORD=\${${upper}_PASSWORD:?}"
  export OWNER_PASSWORD SERVICE_PASSWORD
  psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --set service="$service" --dbname postgres --file "$(dirname "$0")/provision.sql"
  echo "$service: database and roles are there"
done
