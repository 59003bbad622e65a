#!/usr/bin/env bash
# Starts the whole cluster in containers. "up.sh --help" says how. Kept to bash 3.2.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: deploy/docker/up.sh [--security none|jwt] [--without-grafana] [--override FILE]...

Builds the image of a node where sources have changed, and starts docker-compose.cluster.yml: nginx, three nodes, Redis, MySQL,
Prometheus and Grafana. Returns when everything is ready, and prints where it is. All ports are on loopback only. On the first
start it makes passwords (deploy/docker/.env) and a certificate for trying (deploy/docker/tls); both stay on this machine.

  --security S       none: whoever reaches loopback may send and listen (default on the first start; later: as before)
                     jwt: every call needs a token; a key is made, and tokens to try, for a day, are printed
  --without-grafana  leave it out; it is also left out where its image cannot be had
  --override FILE    another Compose file, laid over the first
  --help             this text

Stop it:                    docker compose -f docker-compose.cluster.yml --profile '*' down
and throw its data away:    the same with --volumes
TEXT
}

fail() {
  printf 'up.sh: %s\n' "$1" >&2
  exit "${2:-1}"
}

say() {
  printf '%s\n' "$*"
}

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/deploy/docker
security=
grafana=yes
profiles=()
files=(-f "$here/docker-compose.cluster.yml")

# shellcheck source=deploy/local/build.sh
. "$root/deploy/local/build.sh"

parse_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) usage; exit 0 ;;
      --without-grafana) grafana= ;;
      --security | --override)
        [ $# -gt 1 ] || fail "$1 needs a value (see --help)" 2
        if [ "$1" = --security ]; then security=$2; else files+=(-f "$2"); fi
        shift ;;
      *) fail "unknown option: $1 (see --help)" 2 ;;
    esac
    shift
  done
  case $security in '' | none | jwt) ;; *) fail "--security must be none or jwt, not '$security' (see --help)" 2 ;; esac
}

compose() {
  docker compose "${files[@]}" ${profiles[@]+"${profiles[@]}"} "$@"
}

# ---- what is made once

random_password() {
  LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom 2>/dev/null | head -c 32 || true # head ends before tr does
}

open_files() { # what the engine allows a container, up to 200 000
  docker run --rm --entrypoint bash sse-cluster-node:latest -c 'limit=$(ulimit -Hn)
    if [ "$limit" = unlimited ] || [ "$limit" -gt 200000 ]; then limit=200000; fi; printf "%s" "$limit"'
}

make_passwords() {
  local name
  [ -e "$here/.env" ] && return
  (
    umask 077
    {
      for name in REDIS_PASSWORD MYSQL_PASSWORD MYSQL_ROOT_PASSWORD GRAFANA_PASSWORD; do say "$name=$(random_password)"; done
      say "SSE_OPEN_FILES=$(open_files)"
    } >"$here/.env.new"
  )
  mv "$here/.env.new" "$here/.env"
}

make_certificate() {
  [ -e "$here/tls/both.pem" ] || "$here/certificate.sh"
}

make_settings() { # of the nodes: kept as they are, unless --security says otherwise
  mkdir -p "$here/secrets"
  if [ -e "$here/node.env" ] && [ -z "$security" ]; then return; fi
  {
    say "# Settings of the nodes. Yours may be added; up.sh --security replaces those of SSE_SECURITY_MODE and SSE_SECURITY_JWT."
    if [ -e "$here/node.env" ]; then grep -vE '^(#|SSE_SECURITY_MODE=|SSE_SECURITY_JWT_)' "$here/node.env" || true; fi
    say "SSE_SECURITY_MODE=${security:-none}"
    if [ "$security" = jwt ]; then
      make_tokens
      say SSE_SECURITY_JWT_PUBLIC_KEY=/run/sse/token-key.pem
      say SSE_SECURITY_JWT_ISSUER=cluster.sh
      say SSE_SECURITY_JWT_AUDIENCES=sse-cluster
    fi
  } >"$here/node.env.new"
  mv "$here/node.env.new" "$here/node.env"
}

make_tokens() { # with a key that nothing keeps
  (umask 077 && "$jdk/bin/java" -XX:TieredStopAtLevel=1 -cp "$(services_jar)" dev.ssecluster.local.LocalTokens "$here/secrets" \
    >"$here/tokens") || fail "the tokens could not be made"
  chmod 644 "$here/secrets/token-key.pem" # the public half; the nodes read it as another user
}

choose_profiles() {
  [ -n "$grafana" ] || return 0
  profiles=(--profile grafana)
  docker image inspect "$(compose config --images grafana | grep grafana)" >/dev/null 2>&1 && return
  compose pull --quiet grafana >/dev/null 2>&1 && return
  say "The image of Grafana cannot be had; the rest starts without it"
  profiles=()
}

# On a busy machine MySQL may answer a starting node too late; then the node ends and is started again, but Compose gives up.
start_all() {
  local _
  for _ in 1 2 3; do
    if compose up --detach --quiet-pull --wait --wait-timeout 300 --remove-orphans; then return; fi
  done
  return 1
}

# ---- what the user sees

where() { # SERVICE PORT
  compose port "$1" "$2"
}

print_table() {
  local web
  web=$(where nginx 8080)
  cat <<TEXT

http://$web/                   the balancer; https://$(where nginx 8443)/ with HTTP/2 (the certificate is for trying: browsers warn)
http://$(where prometheus 9090)/                   Prometheus
TEXT
  [ ${#profiles[@]} -eq 0 ] \
    || say "http://$(where grafana 3000)/                   Grafana: admin, $(sed -n 's/^GRAFANA_PASSWORD=//p' "$here/.env")"
  cat <<TEXT

  curl -N http://$web/api/v1/sse/stream/notifications/123
  curl http://$web/api/v1/sse/send -H 'Content-Type: application/json' -d '{"user_id":"123","event_type":"notification","data":{"title":"Hello"}}'
TEXT
  [ "$security" != jwt ] || { say; say "with -H 'Authorization: Bearer TOKEN'; tokens to try:"; cat "$here/tokens"; }
}

parse_options "$@"
docker compose version >/dev/null 2>&1 || fail "no Docker with Compose 2.24 or newer: install it"
docker info >/dev/null 2>&1 || fail "the Docker engine does not answer: start it"
"$here/build.sh"
find_jdk
make_passwords
make_certificate
make_settings
choose_profiles
start_all || { compose ps; fail "not everything became ready: docker compose -f $here/docker-compose.cluster.yml logs"; }
say "Ready after $SECONDS s"
print_table
