#!/bin/sh
# A base image without a registry: Debian from its package mirror -> image. Needs root, debootstrap and a Docker engine.
#
#     deploy/own-images/base.sh onnara-base:bookworm [MIRROR]
#
# SITE_CA: folder with the site's own certificate authorities (*.crt), trusted in the image from then on.
set -eu
image=${1:?name of the image}
mirror=${2:-}
root=$(mktemp -d /var/tmp/onnara-base.XXXXXX)
trap 'rm -rf "$root"' EXIT
# shellcheck disable=SC2086 - no mirror given means no argument
debootstrap --variant=minbase --include=ca-certificates bookworm "$root" $mirror >/dev/null
if [ -n "${SITE_CA:-}" ]; then
  cp "$SITE_CA"/*.crt "$root/usr/local/share/ca-certificates/"
  chroot "$root" update-ca-certificates >/dev/null 2>&1
fi
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/cache/apt/*.bin "$root"/var/lib/apt/lists/* "$root"/var/log/*.log \
  "$root"/usr/share/man/* "$root"/usr/share/locale/*
find "$root/usr/share/doc" -type f ! -name copyright -delete
tar -C "$root" --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' -c . |
  docker import --change 'CMD ["sh"]' - "$image"
