#!/usr/bin/env bash
# Makes a throwaway certificate for the balancers, for "localhost" and the names given: nobody vouches for it, so browsers warn.
#   certificate.sh [NAME]...
# In production put a real one into deploy/docker/tls: cert.pem (with its chain), key.pem, and for HAProxy both.pem, one after the other.
set -euo pipefail

here=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
command -v openssl >/dev/null || { echo "certificate.sh: openssl not found: install it" >&2; exit 1; }

names="DNS:localhost,IP:127.0.0.1,IP:::1"
for name in "$@"; do names="$names,DNS:$name"; done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -sha256 -subj /CN=localhost \
  -addext "subjectAltName=$names" -addext extendedKeyUsage=serverAuth -keyout "$scratch/key.pem" -out "$scratch/cert.pem" 2>"$scratch/log" \
  || { cat "$scratch/log" >&2; exit 1; }
cat "$scratch/cert.pem" "$scratch/key.pem" >"$scratch/both.pem"
mkdir -p "$here/tls"
# HAProxy's image reads them as a user of its own; it is a throwaway key.
install -m 644 "$scratch/cert.pem" "$scratch/key.pem" "$scratch/both.pem" "$here/tls/"
