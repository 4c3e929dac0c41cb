#!/bin/sh
# Makes the authority once, and new certificates for the nodes at every start: they are good for a year, the authority for ten.
# Its private key is in a volume of its own, which no running service has.
set -eu
umask 077

if [ ! -s /authority/made/ca.key ]; then
  rm -rf /authority/making /authority/made
  es-gencert-cli create-ca -days 3650 -out /authority/making
  mv /authority/making /authority/made
fi
cp /authority/made/ca.crt /trust/ca.crt
chmod 444 /trust/ca.crt

for node in eventstore-1 eventstore-2 eventstore-3; do
  rm -rf "/certificates/$node.making"
  es-gencert-cli create-node -days 365 \
    -ca-certificate /authority/made/ca.crt -ca-key /authority/made/ca.key \
    -dns-names "$node,localhost" -ip-addresses 127.0.0.1 -out "/certificates/$node.making"
  # The user of EventStoreDB in its image.
  chown -R 1000:1000 "/certificates/$node.making"
  rm -rf "/certificates/$node"
  mv "/certificates/$node.making" "/certificates/$node"
done
