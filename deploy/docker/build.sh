#!/usr/bin/env bash
# Builds the image of a node. "build.sh --help" says how. Kept to bash 3.2.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: deploy/docker/build.sh [--untrained] [--force] [IMAGE]

Builds the image of a node (default sse-cluster-node:latest), in three steps: the jar, with Maven; an image of it; and a start of
that image beside a Redis and a MySQL of its own, with every kind of request, in which the JVM records what it loads, links and
calls (AOT cache). The recording becomes the image's last layer: nodes start in a third of the time, and are fast from the first
request on. Where the recording fails, it says so, and the image starts without. Does nothing when the image is up to date.

  --untrained    leave the recording out
  --force        build it even if it is up to date
  --help         this text
TEXT
}

fail() {
  printf 'build.sh: %s\n' "$1" >&2
  exit "${2:-1}"
}

say() {
  printf '%s\n' "$*"
}

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/deploy/docker
redis_image=redis:8.0
mysql_image=mysql:9.7
image=sse-cluster-node:latest
train=yes
force=
pid=

parse_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) usage; exit 0 ;;
      --untrained) train= ;;
      --force) force=yes ;;
      -*) fail "unknown option: $1 (see --help)" 2 ;;
      *) image=$1 ;;
    esac
    shift
  done
}

start() { # COMMAND...; sets pid, for the build of the jar
  "$@" &
  pid=$!
}

# shellcheck source=deploy/local/build.sh
. "$root/deploy/local/build.sh"

# ---- is there anything to do?

# Of all that the image is made from. The jar's own hash: Maven makes the same jar from the same sources.
fingerprint() {
  {
    cat "$node_jar" "$here/Dockerfile" "$here/java.options" "$here/ready.sh" "$here/build.sh"
    docker image inspect --format '{{.Id}}' eclipse-temurin:25-jre 2>/dev/null || true
  } | cksum | tr -d '\n'
}

label_of() { # IMAGE NAME
  docker image inspect --format "{{index .Config.Labels \"dev.ssecluster.$2\"}}" "$1" 2>/dev/null || true
}

is_up_to_date() {
  [ -z "$force" ] && [ "$(label_of "$image" made-from)" = "$(fingerprint)" ] \
    && { [ -z "$train" ] || [ "$(label_of "$image" trained)" = yes ]; }
}

# ---- the image

build_plain() { # TAG TRAINED
  docker build --quiet --file "$here/Dockerfile" --target node --label "dev.ssecluster.made-from=$(fingerprint)" \
    --label dev.ssecluster.trained=no --tag "$1" "$root" >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "the image could not be built"; }
}

build_trained() {
  mkdir -p "$here/target"
  mv "$work/node.aot" "$here/target/node.aot"
  docker build --quiet --file "$here/Dockerfile" --target trained --build-arg "TRAINED=$plain" \
    --label dev.ssecluster.trained=yes --tag "$image" "$root" >"$log" 2>&1 || { tail -n 20 "$log" >&2; return 1; }
}

# ---- training

work=
name=sse-cluster-training-$$
log=
plain=

# shellcheck disable=SC2317,SC2329 # called by a trap
clean_up() {
  local status=$?
  docker rm --force --volumes "$name-node" "$name-redis" "$name-mysql" >/dev/null 2>&1 || true
  docker network rm "$name" >/dev/null 2>&1 || true
  [ -z "$plain" ] || docker image rm "$plain" >/dev/null 2>&1 || true # the trained image keeps its layers
  rm -rf "$work" "$here/target/node.aot"
  exit "$status"
}

start_services() { # they come up while the image is built
  docker network create "$name" >/dev/null
  docker run --detach --name "$name-redis" --network "$name" --network-alias redis "$redis_image" \
    redis-server --save '' --maxmemory-policy noeviction >/dev/null
  docker run --detach --name "$name-mysql" --network "$name" --network-alias mysql --tmpfs /var/lib/mysql --env MYSQL_DATABASE=sse \
    --env MYSQL_USER=sse --env MYSQL_PASSWORD=training --env MYSQL_ROOT_PASSWORD=training "$mysql_image" >/dev/null
}

await() { # SECONDS COMMAND...
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.2
  done
}

# Not "localhost": while MySQL initialises itself it listens on its socket only.
mysql_is_ready() {
  docker exec --env MYSQL_PWD=training "$name-mysql" mysql --host=127.0.0.1 --user=sse --execute='SELECT 1' sse
}

# The container has the cache's path to itself: nothing is mounted, so this works with an engine elsewhere, too.
start_node() {
  docker run --detach --name "$name-node" --network "$name" --entrypoint java \
    --env SPRING_DATA_REDIS_URL=redis://redis:6379 --env SPRING_DATASOURCE_URL=jdbc:mysql://mysql:3306/sse \
    --env SPRING_DATASOURCE_USERNAME=sse --env SPRING_DATASOURCE_PASSWORD=training --env SSE_SECURITY_MODE=none \
    "$plain" @/app/java.options -XX:AOTCacheOutput=/tmp/node.aot -jar /app/sse-cluster-node.jar >/dev/null
  docker cp --quiet "$load_test_jar" "$name-node:/tmp/loadtest.jar" >/dev/null
}

# On a busy machine MySQL may take longer to answer than a node waits for at its start; then it ends, and is started again.
await_node() {
  local _
  for _ in 1 2 3; do
    docker rm --force "$name-node" 2>/dev/null || true
    start_node || return 1
    await 180 node_is_decided || return 1
    if docker exec "$name-node" bash /app/ready.sh; then return; fi
  done
  return 1
}

node_is_decided() { # ready, or ended
  docker exec "$name-node" bash /app/ready.sh || [ "$(docker inspect --format '{{.State.Running}}' "$name-node")" != true ]
}

node_log() { # without what the JVM says about its recording
  docker logs "$name-node" 2>&1 | grep -vE '^\[.*\[aot|INFO|^\s+at ' | cut -c 1-300
}

exercise() { # CLASS OPTION...: in the node's own container, because the load test calls only loopback
  local class=$1
  shift
  docker exec "$name-node" java -Xmx512m -XX:+UseSerialGC -cp /tmp/loadtest.jar "dev.ssecluster.loadtest.$class" "$@" \
    http://127.0.0.1:8081
}

# Everything that opens, sends, stores and replays, and a crowd of streams under a steady load. Where the machine is busy, a node
# that has just started may refuse some of that; at the end every call must succeed.
exercise_all() {
  exercise LoadTest --rate 100 --seconds 2 --streams 50 || true
  exercise Exercise --seconds 3 || true
  exercise LoadTest --rate 800 --seconds 2 --streams 300 || true
  exercise LoadTest --rate 800 --seconds 2 --streams 300 || true
  exercise Exercise --seconds 3
}

record() {
  await 120 mysql_is_ready || { say "MySQL did not start"; return 1; }
  await_node || { node_log; say "the node did not become ready"; return 1; }
  exercise_all || { say "a request failed"; return 1; }
  docker stop --time 180 "$name-node" # it writes the cache while it ends
  docker cp "$name-node:/tmp/node.aot" "$work/node.aot" || { node_log; return 1; }
}

build_image() {
  plain=$name:plain
  if [ -n "$train" ]; then start_services >"$work/training.log" 2>&1 || say "Redis or MySQL cannot be started: $(tail -n 1 "$work/training.log")"; fi
  say "Building the image"
  build_plain "$plain"
  if [ -n "$train" ]; then
    say "Recording a start with all kinds of requests, to make the next ones faster"
    if record >>"$work/training.log" 2>&1 && build_trained; then
      say "Built $image, trained"
      return
    fi
    tail -n 20 "$work/training.log" >&2
    say "No recording could be made (why: above). The image starts without: slower, otherwise the same" >&2
  fi
  docker tag "$plain" "$image"
  say "Built $image, without a recording"
}

parse_options "$@"
docker info >/dev/null 2>&1 || fail "no Docker engine: install Docker, or start it"
require_tools
build
if is_up_to_date; then
  say "$image is up to date"
  exit 0
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/sse-image.XXXXXX")
log=$work/build.log
trap clean_up EXIT
trap 'exit 1' INT TERM HUP
build_image
