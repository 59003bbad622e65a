#!/usr/bin/env bash
# Measures what the recorded start in the image is worth: with and without it, in turn, how long a node takes until it is ready, how much
# processor time, and how many requests it answers in its first three seconds. Needs wrk and the image; load is on loopback only.
#   measure.sh [ROUNDS]
set -euo pipefail

here=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
rounds=${1:-3}
image=sse-cluster-node:latest
name=sse-measure-$$
port=18081
scratch=$(mktemp -d)

# shellcheck disable=SC2317,SC2329 # called by a trap
clean_up() {
  docker rm --force --volumes "$name-node" "$name-redis" "$name-mysql" >/dev/null 2>&1 || true
  rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

address() { # CONTAINER
  docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$1"
}

start_services() {
  docker run --detach --name "$name-redis" redis:8.0 redis-server --save '' >/dev/null
  docker run --detach --name "$name-mysql" --tmpfs /var/lib/mysql --env MYSQL_DATABASE=sse --env MYSQL_USER=sse \
    --env MYSQL_PASSWORD=measure --env MYSQL_ROOT_PASSWORD=measure mysql:9.7 >/dev/null
  until docker exec --env MYSQL_PWD=measure "$name-mysql" mysql --host=127.0.0.1 --user=sse --execute='SELECT 1' sse >/dev/null 2>&1; do
    sleep 0.5
  done
}

now() { # milliseconds
  printf '%s\n' "$(($(date +%s%N) / 1000000))"
}

is_ready() {
  local status
  { exec 3<>"/dev/tcp/127.0.0.1/$((port + 1000))"; } 2>/dev/null || return 1
  printf 'GET /actuator/health/readiness HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
  read -r -t 5 status <&3 || status=
  exec 3>&-
  case $status in *" 200"*) ;; *) return 1 ;; esac
}

processor_ms() { # of the node so far
  local pid ticks
  pid=$(docker inspect --format '{{.State.Pid}}' "$name-node")
  ticks=$(awk '{ print $14 + $15 }' "/proc/$pid/stat")
  printf '%s\n' "$((ticks * 1000 / $(getconf CLK_TCK)))"
}

measure() { # with|without
  local options=() began ready used rate
  if [ "$1" = with ]; then options=(-XX:AOTCache=/app/node.aot); fi
  began=$(now)
  docker run --detach --name "$name-node" --network host --cpus 2 --memory 1g --entrypoint java \
    --env SERVER_ADDRESS=127.0.0.1 --env SERVER_PORT=$port --env MANAGEMENT_SERVER_ADDRESS=127.0.0.1 \
    --env MANAGEMENT_SERVER_PORT=$((port + 1000)) --env SSE_SECURITY_MODE=none \
    --env SPRING_DATA_REDIS_URL="redis://$(address "$name-redis"):6379" \
    --env SPRING_DATASOURCE_URL="jdbc:mysql://$(address "$name-mysql"):3306/sse" \
    --env SPRING_DATASOURCE_USERNAME=sse --env SPRING_DATASOURCE_PASSWORD=measure \
    "$image" @/app/java.options ${options[@]+"${options[@]}"} -jar /app/sse-cluster-node.jar >/dev/null
  until is_ready; do sleep 0.02; done
  ready=$(($(now) - began))
  used=$(processor_ms)
  wrk -t1 -c32 -d3 -s "$here/../../loadtest/send.lua" "http://127.0.0.1:$port" >"$scratch/wrk.out"
  rate=$(awk '/^Requests\/sec/ { print int($2) }' "$scratch/wrk.out")
  printf '%-8s ready after %6d ms, %6d ms of processor time; first 3 s: %6d sends/s, %6d ms more; errors: %s; load %s\n' "$1" "$ready" "$used" \
    "$rate" "$(($(processor_ms) - used))" "$(awk '/Non-2xx|Socket errors/ { e = e " " $0 } END { print e == "" ? "none" : e }' "$scratch/wrk.out")" \
    "$(cut -d' ' -f1 /proc/loadavg)"
  docker rm --force --volumes "$name-node" >/dev/null
}

start_services
measure without >/dev/null # creates the tables
for ((i = 0; i < rounds; i++)); do
  measure without
  measure with
done
