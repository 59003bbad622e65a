#!/usr/bin/env bash
# Tests cluster.sh: starts it for real, on ports that are free. Ends with 1 at the first thing that is wrong.
# The node, local-services and loadtest must have been built.
set -euo pipefail

here=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
scratch=$(mktemp -d)
cluster_pid=
# Everything that cluster.sh makes is in here, so that we see what it leaves.
mkdir "$scratch/tmp"
export TMPDIR=$scratch/tmp

# shellcheck disable=SC2317 # called by a trap
clean_up() {
  local status=$?
  [ -z "$cluster_pid" ] || { kill -TERM "$cluster_pid" && wait "$cluster_pid"; } 2>/dev/null || true
  [ $status -eq 0 ] || cat "$scratch"/*.out >&2 || true
  rm -rf "$scratch"
}
trap clean_up EXIT

wrong() {
  printf 'cluster-test: %s\n' "$1" >&2
  exit 1
}

passed() {
  printf 'cluster-test: ok: %s\n' "$1"
}

free_port() { # the first of four that are free, together with those 1000 higher
  local first i
  while :; do
    first=$((20000 + RANDOM % 10000))
    for i in 0 1 1000 1001; do
      if (exec 3<>"/dev/tcp/127.0.0.1/$((first + i))") 2>/dev/null; then continue 2; fi
    done
    printf '%s\n' "$first"
    return
  done
}

refuses() { # STATUS TEXT COMMAND...: ends with that status, says that in one line, and leaves nothing
  local expected=$1 text=$2 status=0
  shift 2
  "$@" >"$scratch/refused.out" 2>"$scratch/refused.err" </dev/null || status=$?
  [ $status -eq "$expected" ] || wrong "'$*' ended with $status instead of $expected"
  grep -qF -- "$text" "$scratch/refused.err" || wrong "'$*' does not say '$text' but: $(cat "$scratch/refused.err")"
  [ "$(wc -l <"$scratch/refused.err")" -eq 1 ] || wrong "'$*' says more than one line: $(cat "$scratch/refused.err")"
  leaves_nothing "'$*'"
}

leaves_nothing() {
  [ -z "$(ls -A "$TMPDIR")" ] || wrong "$1 left $(ls -A "$TMPDIR")"
  if grep -lsF "$TMPDIR" /proc/[0-9]*/cmdline >/dev/null; then wrong "$1 left a process"; fi
}

descendants() { # PID
  ps -eo pid=,ppid= | awk -v top="$1" '{ parent[$1] = $2 }
    END { for (p in parent) { for (q = parent[p]; q in parent && q != top; q = parent[q]); if (q == top) print p } }'
}

tool_directory() { # NAME...: a directory with only those programs
  local directory=$scratch/bin name
  rm -rf "$directory"
  mkdir "$directory"
  for name in "$@"; do ln -s "$(command -v "$name")" "$directory/$name"; done
  printf '%s\n' "$directory"
}

wait_for() { # SECONDS TEXT FILE
  local end=$((SECONDS + $1))
  until grep -qF -- "$2" "$3"; do
    [ $SECONDS -lt $end ] || wrong "'$2' did not appear within $1 s"
    kill -0 "$cluster_pid" 2>/dev/null || wrong "cluster.sh has ended"
    sleep 0.2
  done
}

status_of() { # PORT PATH
  local line
  exec 3<>"/dev/tcp/127.0.0.1/$1"
  printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" >&3
  read -r -t 5 line <&3
  exec 3>&-
  printf '%s\n' "$line"
}

request() { # PORT METHOD PATH TOKEN BODY: the answer's status
  local line header=
  [ -z "$4" ] || header="Authorization: Bearer $4"$'\r\n'
  exec 3<>"/dev/tcp/127.0.0.1/$1"
  printf '%s /api/v1/sse%s HTTP/1.0\r\nHost: 127.0.0.1\r\n%sContent-Type: application/json\r\nContent-Length: %s\r\n\r\n%s' \
    "$2" "$3" "$header" "${#5}" "$5" >&3
  read -r -t 5 line <&3
  exec 3>&-
  printf '%s\n' "${line#* }" | cut -c1-3
}

expect() { # STATUS PORT METHOD PATH TOKEN BODY
  local expected=$1 status
  shift
  status=$(request "$@")
  [ "$status" = "$expected" ] || wrong "$2 $3 answers $status instead of $expected"
}

test_options() {
  refuses 2 "--nodes" "$here/cluster.sh" --nodes 0
  refuses 2 "--nodes" "$here/cluster.sh" --nodes 17
  refuses 2 "--nodes" "$here/cluster.sh" --nodes
  refuses 2 "--port" "$here/cluster.sh" --port=http
  refuses 2 "--redis" "$here/cluster.sh" --redis localhost
  refuses 2 "--mysql" "$here/cluster.sh" --mysql localhost
  refuses 2 "--security" "$here/cluster.sh" --security open
  refuses 2 "unknown option: --verbose" "$here/cluster.sh" --verbose
  "$here/cluster.sh" --help | grep -q -- '--nodes N' || wrong "--help does not help"
  refuses 2 "only loopback addresses" "$root/loadtest/check.sh" http://example.com:8081
  "$root/loadtest/check.sh" --help | grep -q -- '--seconds S' || wrong "check.sh --help does not help"
  passed "wrong options are refused"
}

test_missing_tools() {
  local tools
  tools=$(tool_directory bash dirname sed readlink)
  refuses 1 "Maven not found" env PATH="$tools" "$here/cluster.sh"
  passed "a missing Maven is named"
}

test_failed_build() {
  local tools copy=$scratch/copy
  tools=$(tool_directory bash env dirname sed readlink mktemp find head tail grep mkdir rm sleep)
  printf '#!/bin/sh\necho "[ERROR] it does not compile"\nexit 1\n' >"$tools/mvn"
  chmod +x "$tools/mvn"
  mkdir -p "$copy/deploy/local"
  cp "$here/cluster.sh" "$here/build.sh" "$copy/deploy/local/"
  refuses 1 "the build failed, see $copy/node/target/cluster-build.log: [ERROR] it does not compile" \
    env PATH="$tools" "$copy/deploy/local/cluster.sh" --port "$(free_port)"
  passed "a failed build is named"
}

# A node that asks nobody for a token must not run on servers that somebody wants to be safe. SC2317, SC2034: train uses them
# shellcheck disable=SC2317,SC2034
trains() ( # SECURITY OWN_REDIS OWN_MYSQL: whether a start would be recorded
  security=$1 own_redis=$2 own_mysql=$3 redis='' mysql='' port=0 work=$scratch
  eval "$(sed -n '/^train() {/,/^}/p' "$here/cluster.sh")"
  start_cache() { printf '%s\n' "$scratch/absent.aot"; }
  say() { :; }
  start_node() { exit 0; }
  train
  exit 1
)

test_training() {
  trains none yes yes || wrong "a cluster of its own is not trained"
  trains none '' '' || wrong "an open cluster is not trained"
  trains jwt yes yes || wrong "a cluster of its own is not trained with --security jwt"
  ! trains jwt '' yes || wrong "an open node is trained on the Redis of a cluster with tokens"
  ! trains jwt yes '' || wrong "an open node is trained on the database of a cluster with tokens"
  passed "no open node runs on the servers of a cluster with tokens"
}

test_cluster() {
  local port node_pid out=$scratch/cluster.out
  port=$(free_port)
  (cd / && exec "$here/cluster.sh" --nodes 2 --port "$port") >"$out" 2>&1 </dev/null &
  cluster_pid=$!
  wait_for 300 "Ctrl-C stops everything" "$out"
  case $(status_of $((port + 1001)) /actuator/health/readiness) in
    *" 200"*) passed "$(grep -F Ready "$out")" ;;
    *) wrong "node 2 is not ready" ;;
  esac
  delivers "$port"
  # Its own temporary directory is in use now, so this one gets another.
  TMPDIR=$scratch refuses_taken "$port"
  node_pid=$(awk '$1 == 2 { print $4 }' "$out")
  kill -KILL "$node_pid"
  wait_for 10 "Node 2 (pid $node_pid) has ended; 1 still running" "$out"
  case $(status_of $((port + 1000)) /actuator/health/readiness) in
    *" 200"*) passed "a killed node is reported, the other goes on" ;;
    *) wrong "node 1 is not ready after node 2 was killed" ;;
  esac
  stops
}

# One node with tokens: what they are printed for works, and nothing else.
test_secured_cluster() {
  local port out=$scratch/secured.out publisher administrator user event='"event_type":"t","data":1'
  port=$(free_port)
  (cd / && exec "$here/cluster.sh" --nodes 1 --port "$port" --security jwt) >"$out" 2>&1 </dev/null &
  cluster_pid=$!
  wait_for 300 "Ctrl-C stops everything" "$out"
  publisher=$(sed -n 's/^publisher=//p' "$out")
  administrator=$(sed -n 's/^administrator=//p' "$out")
  user=$(sed -n 's/^user=//p' "$out")
  expect 401 "$port" POST /broadcast "" "{$event}"
  expect 401 "$port" POST /broadcast "${publisher}x" "{$event}"
  expect 403 "$port" POST /broadcast "$user" "{$event}"
  expect 200 "$port" POST /broadcast "$publisher" "{$event}"
  expect 200 "$port" GET "/messages?user_id=123" "$user" ""
  expect 403 "$port" GET "/messages?user_id=456" "$user" ""
  expect 403 "$port" GET /info "$publisher" ""
  expect 200 "$port" GET /info "$administrator" ""
  expect 200 "$port" HEAD /stream/notifications/123 "$user" ""
  expect 403 "$port" HEAD /stream/other/123 "$user" ""
  passed "with --security jwt the printed tokens may do what they are for"
  stops
}

delivers() { # PORT
  local table=$scratch/delivers.out
  "$root/loadtest/check.sh" --rate 100 --seconds 5 "http://127.0.0.1:$1" "http://127.0.0.1:$(($1 + 1))" >"$table" 2>&1 </dev/null \
    || wrong "the cluster does not deliver what it accepts"
  passed "$(tail -n 1 "$table") ($(grep '^all ' "$table" | awk '{ print $4 " events received, p50 " $9 " ms, p99 " $10 " ms" }'))"
}

refuses_taken() {
  local status=0
  "$here/cluster.sh" --port "$1" >"$scratch/taken.out" 2>&1 </dev/null || status=$?
  [ $status -eq 1 ] || wrong "with a taken port it ended with $status"
  [ "$(cat "$scratch/taken.out")" = "cluster.sh: port $1 is taken: choose other ports with --port" ] \
    || wrong "with a taken port it said: $(cat "$scratch/taken.out")"
  passed "a taken port is named"
}

stops() {
  local status=0 began=$SECONDS started
  started=$(descendants "$cluster_pid")
  [ "$(printf '%s\n' "$started" | wc -l)" -ge 4 ] || wrong "expected a node, the services and their two servers, found: $started"
  kill -TERM "$cluster_pid"
  wait "$cluster_pid" || status=$?
  cluster_pid=
  [ $status -eq 0 ] || wrong "after SIGTERM it ended with $status"
  leaves_nothing "a stopped cluster"
  # shellcheck disable=SC2086 # one word for each process
  if kill -0 $started 2>/dev/null; then wrong "a stopped cluster left a process of $started"; fi
  passed "SIGTERM stops everything within $((SECONDS - began)) s and nothing is left"
}

[ -e "$root/node/target/sse-cluster-node.jar" ] || wrong "build first: mvn package"
test_options
test_missing_tools
test_failed_build
test_training
test_cluster
test_secured_cluster
