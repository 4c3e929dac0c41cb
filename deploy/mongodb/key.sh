#!/bin/sh
# Makes, once, the key by which the members of the replica set know each other. It also turns authentication on.
set -eu
umask 077
key=/data/configdb/replica-set.key
[ ! -s "$key" ] || exit 0
head -c 756 /dev/urandom | base64 -w 0 >"$key.making"
chmod 400 "$key.making"
mv "$key.making" "$key"
