#!/bin/sh
# Writes the first user into the configuration, then becomes what it was asked to run.
set -eu
if [ "$1" = rabbitmq-server ]; then
  umask 077
  printf 'default_user = %s\ndefault_pass = %s\nlisteners.tcp.default = 5672\n' \
    "${RABBITMQ_DEFAULT_USER:-guest}" "${RABBITMQ_DEFAULT_PASS:?the first user needs a password}" \
    >"$RABBITMQ_CONFIG_FILE.conf"
fi
exec "$@"
