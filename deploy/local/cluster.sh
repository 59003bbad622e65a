#!/usr/bin/env bash
# Runs a whole cluster on this machine, in the foreground. "cluster.sh --help" says how.
# Kept to bash 3.2, which is what macOS has.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: deploy/local/cluster.sh [--nodes N] [--port P] [--redis URL] [--mysql URL] [--security none|jwt]

Runs an SSE Cluster on this machine, on loopback only: a Redis, a MariaDB and N nodes, each a process of its own.
Needs a JDK 25 and Maven. Builds what is missing or older than its sources, waits until every node is ready and
prints where they are. Ctrl-C stops everything and leaves nothing behind.

  --nodes N      nodes to start, 1 to 16 (default 3)
  --port P       port of the first node; the next ones follow (default 8081). Management ports are 1000 higher
  --redis URL    use this Redis instead of starting one: redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]
  --mysql URL    use this MySQL or MariaDB instead of starting one:
                 jdbc:mysql://HOST[:PORT]/DATABASE[?user=USER&password=PASSWORD]
  --security S   none (default): anyone who reaches loopback may send and listen
                 jwt: every call needs a token; a throwaway key is made, and tokens to try are printed
  --help         this text

Exit status: 0 after Ctrl-C, SIGTERM or SIGHUP; 2 for wrong options; 1 when the cluster cannot start or has ended.
TEXT
}

fail() {
  printf 'cluster.sh: %s\n' "$1" >&2
  exit "${2:-1}"
}

bad_usage() {
  fail "$1 (see --help)" 2
}

say() {
  printf '%s\n' "$*"
}

# ---- options

nodes=3
port=8081
redis=
mysql=
security=none

is_number() { # VALUE FROM TO
  case $1 in '' | *[!0-9]*) return 1 ;; esac
  [ ${#1} -le 5 ] && [ "$((10#$1))" -ge "$2" ] && [ "$((10#$1))" -le "$3" ]
}

parse_options() {
  local option value
  while [ $# -gt 0 ]; do
    option=$1
    shift
    case $option in
      --help | -h) usage; exit 0 ;;
      --*=*) value=${option#*=}; option=${option%%=*} ;;
      --nodes | --port | --redis | --mysql | --security)
        [ $# -gt 0 ] || bad_usage "$option needs a value"
        value=$1
        shift ;;
      *) bad_usage "unknown option: $option" ;;
    esac
    case $option in
      --nodes) nodes=$value ;;
      --port) port=$value ;;
      --redis) redis=$value ;;
      --mysql) mysql=$value ;;
      --security) security=$value ;;
      *) bad_usage "unknown option: $option" ;;
    esac
  done
}

check_options() {
  is_number "$nodes" 1 16 || bad_usage "--nodes must be a number from 1 to 16, not '$nodes'"
  nodes=$((10#$nodes))
  is_number "$port" 1 "$((65535 - 1000 - nodes + 1))" \
    || bad_usage "--port must be a number from 1 to $((65535 - 1000 - nodes + 1)), not '$port'"
  port=$((10#$port))
  case $redis in '' | redis://?* | rediss://?*) ;; *) bad_usage "--redis must be a URL such as redis://127.0.0.1:6379, not '$redis'" ;; esac
  case $mysql in '' | jdbc:mysql://?*/?*) ;; *) bad_usage "--mysql must be a URL such as jdbc:mysql://127.0.0.1:3306/sse, not '$mysql'" ;; esac
  case $security in
    none | jwt) ;;
    *) bad_usage "--security must be none or jwt, not '$security'" ;;
  esac
}

# ---- what must be there, and what must not

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=deploy/local/build.sh
. "$root/deploy/local/build.sh"

accepts_connections() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

require_free_ports() {
  local i taken
  for ((i = 0; i < nodes; i++)); do
    for taken in $((port + i)) $((port + i + 1000)); do
      if accepts_connections "$taken"; then
        fail "port $taken is taken: choose other ports with --port"
      fi
    done
  done
}

# ---- processes. Each has a process group of its own, so that Ctrl-C reaches only this script, which stops the nodes first.

work=
services_pid=
services_ended=
build_pid=
node_pids=()
own_redis=
own_mysql=
die_with_us=()

start() { # COMMAND...; sets pid
  set -m
  "$@" &
  pid=$!
  set +m
}

is_running() {
  [ -n "$1" ] && kill -0 "$1" 2>/dev/null
}

any_running() {
  local candidate
  for candidate in "$@"; do
    if is_running "$candidate"; then return 0; fi
  done
  return 1
}

terminate() { # SECONDS PID...
  local end=$((SECONDS + $1)) target
  shift
  for target in "$@"; do kill -TERM -- "-$target" 2>/dev/null || true; done
  while any_running "$@" && [ $SECONDS -lt $end ]; do sleep 0.1; done
  for target in "$@"; do kill -KILL -- "-$target" 2>/dev/null || true; done
}

# shellcheck disable=SC2317 # called by a trap
stop_all() {
  local status=$?
  trap '' INT TERM HUP
  trap - EXIT
  [ ${#node_pids[@]} -eq 0 ] || terminate 30 "${node_pids[@]}"
  [ -z "$services_pid" ] || terminate 10 "$services_pid"
  [ -z "$build_pid" ] || terminate 5 "$build_pid"
  [ -z "$work" ] || rm -rf -- "$work"
  exit "$status"
}

# shellcheck disable=SC2317 # called by a trap
stop_on_signal() {
  printf '\nStopping.\n' 2>/dev/null || true # the terminal may be what has gone
  exit 0
}

prepare() {
  trap stop_all EXIT
  trap stop_on_signal INT TERM HUP
  umask 077 # there is a password in it
  work=$(mktemp -d "${TMPDIR:-/tmp}/sse-cluster.XXXXXX")
  # Where it exists: if this script is killed with SIGKILL, the nodes end too.
  if setpriv --pdeathsig TERM -- true 2>/dev/null; then die_with_us=(setpriv --pdeathsig TERM --); fi
}

# ---- services

setting() { # NAME: what the services said
  sed -n "s|^$1=||p" "$work/services.out"
}

start_services() {
  local missing=()
  if [ -z "$redis" ]; then
    own_redis=yes
    missing+=(redis)
  fi
  if [ -z "$mysql" ]; then
    own_mysql=yes
    missing+=(mariadb)
  fi
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Starting ${missing[*]}"
  mkfifo "$work/stdin"
  exec 9<>"$work/stdin" # when this script ends, however it does, their input ends, and they stop
  start "$jdk/bin/java" -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.io.tmpdir="$work" \
    -cp "$(services_jar):$(cat "$services_target/classpath")" dev.ssecluster.local.LocalServices "${missing[@]}" \
    <"$work/stdin" >"$work/services.out" 2>"$work/services.err" 9>&-
  services_pid=$pid
  disown "$pid"
  until grep -q '^ready$' "$work/services.out"; do
    is_running "$services_pid" || fail "$(tail -n 1 "$work/services.err")"
    sleep 0.1
  done
  use_services
}

use_services() {
  if [ -z "$redis" ]; then redis=$(setting redis.url); fi
  if [ -z "$mysql" ]; then
    mysql=$(setting mysql.url)
    SPRING_DATASOURCE_USERNAME=$(setting mysql.username)
    SPRING_DATASOURCE_PASSWORD=$(setting mysql.password)
    export SPRING_DATASOURCE_USERNAME SPRING_DATASOURCE_PASSWORD
  fi
}

# ---- tokens

security_options=()

make_tokens() { # with a key that is gone when this script ends
  [ "$security" = jwt ] || return 0
  say "Making a key and tokens"
  "$jdk/bin/java" -XX:TieredStopAtLevel=1 -cp "$(services_jar)" dev.ssecluster.local.LocalTokens "$work" >"$work/tokens" \
    || fail "the tokens could not be made"
  security_options=(
    --sse.security.jwt.public-key="$work/token-key.pem" --sse.security.jwt.issuer=cluster.sh --sse.security.jwt.audiences=sse-cluster --sse.console.enabled=true
  )
}

token() { # publisher, administrator or user
  sed -n "s|^$1=||p" "$work/tokens"
}

# ---- nodes

java_options=(
  -Xms192m -Xmn128m -Xmx512m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED
)

start_node() { # PORT LOG OPTION...; sets pid. URLs go through the environment: they may contain passwords
  local node_port=$1 log=$2
  shift 2
  SPRING_DATA_REDIS_URL=$redis SPRING_DATASOURCE_URL=$mysql \
    start ${die_with_us[@]+"${die_with_us[@]}"} "$jdk/bin/java" "${java_options[@]}" "$@" -Djava.io.tmpdir="$work" \
    -jar "$app/sse-cluster-node.jar" \
    --server.address=127.0.0.1 --server.port="$node_port" \
    --management.server.address=127.0.0.1 --management.server.port=$((node_port + 1000)) \
    --sse.security.mode="$security" ${security_options[@]+"${security_options[@]}"} >"$log" 2>&1 </dev/null 9>&-
  disown "$pid" # we say ourselves when it ends
}

is_ready() { # PORT
  local status=
  { exec 3<>"/dev/tcp/127.0.0.1/$(($1 + 1000))"; } 2>/dev/null || return 1
  printf 'GET /actuator/health/readiness HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3 2>/dev/null || true
  read -r -t 5 status <&3 2>/dev/null || true
  exec 3>&-
  case $status in 'HTTP/1.'?' 200'*) return 0 ;; *) return 1 ;; esac
}

await_ready() { # PORT PID LOG: fails when the node ends or takes too long
  local end=$((SECONDS + 120))
  until is_ready "$1"; do
    is_running "$2" || return 1
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

start_cache() {
  say "$app/node-$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$jdk/release").aot"
}

# Starts a node once, under load, so that the JVM records what it loads, links and calls most. It halves the CPU time of every
# later start, and the first requests after it are faster. The nodes do without it where that fails, so nothing here is an error.
train() {
  local cache node trial=$work/training.log
  cache=$(start_cache)
  if [ -e "$cache" ]; then return; fi
  # The node that is trained asks nobody for a token: never on servers that somebody wants to be safe.
  if [ "$security" = jwt ] && [ "$own_redis$own_mysql" != yesyes ]; then return; fi
  say "Recording a start under load, to make the next ones faster"
  local security=none # the load has no tokens
  # Databases of their own: what is sent now is nobody's past.
  if [ -n "$own_redis" ]; then local redis=$redis/1; fi
  if [ -n "$own_mysql" ]; then local mysql="${mysql}_training?createDatabaseIfNotExist=true"; fi
  start_node "$port" "$trial" -XX:AOTCacheOutput="$work/node.aot"
  node=$pid
  node_pids=("$node")
  if await_ready "$port" "$node" "$trial"; then
    exercise
    terminate 60 "$node" # it writes the cache while it ends
    if [ -s "$work/node.aot" ]; then mv "$work/node.aot" "$cache"; fi
  fi
  terminate 0 "$node"
  node_pids=()
}

# Every kind of call, and a crowd of streams under load, to the one node there is. Not on servers that others may use: they would get
# the events, and keep the messages.
exercise() {
  local end=$((SECONDS + 30))
  [ "$own_redis$own_mysql" = yesyes ] || return 0
  make_load LoadTest --rate 100 --seconds 1 --streams 50
  make_load Exercise --seconds 2
  make_load LoadTest --rate 800 --seconds 2 --streams 500
  make_load LoadTest --rate 800 --seconds 2 --streams 500
  make_load Exercise --seconds 2
}

make_load() { # CLASS OPTION...; until "end". What fails is not an error: the machine may be busy
  local class=$1
  shift
  [ $SECONDS -lt "$end" ] || return 0
  start "$jdk/bin/java" -Xmx1g -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -cp "$load_test_jar" "dev.ssecluster.loadtest.$class" \
    "$@" "http://127.0.0.1:$port" >>"$work/training-load.log" 2>&1 </dev/null 9>&-
  node_pids[1]=$pid # ends with the node when we are stopped meanwhile
  wait "$pid" || true
}

start_nodes() {
  local i cache options=()
  cache=$(start_cache)
  if [ -e "$cache" ]; then options=(-XX:AOTCache="$cache"); fi
  say "Starting the nodes"
  for ((i = 0; i < nodes; i++)); do
    start_node $((port + i)) "$(node_log "$i")" ${options[@]+"${options[@]}"}
    node_pids[i]=$pid
  done
  for ((i = 0; i < nodes; i++)); do
    await_ready $((port + i)) "${node_pids[i]}" "$(node_log "$i")" || fail_with_log "$i"
  done
}

node_log() {
  say "$work/node-$(($1 + 1)).log"
}

fail_with_log() {
  tail -n 20 "$(node_log "$1")" >&2
  fail "node $(($1 + 1)) did not become ready; the last lines of its log are above"
}

# ---- what the user sees

print_table() {
  local i
  say
  printf '%-5s %-23s %-23s %-8s %s\n' node URL management pid log
  for ((i = 0; i < nodes; i++)); do
    printf '%-5s %-23s %-23s %-8s %s\n' $((i + 1)) "http://127.0.0.1:$((port + i))" \
      "http://127.0.0.1:$((port + i + 1000))" "${node_pids[i]}" "$(node_log "$i")"
  done
}

api() { # NODE
  say "http://127.0.0.1:$((port + ($1 - 1) % nodes))/api/v1/sse"
}

print_examples() {
  say
  say "The console, in a browser: http://127.0.0.1:$port/"
  if [ "$security" = jwt ]; then print_secured_examples; else print_open_examples; fi
  say
  say "Ctrl-C stops everything. A node may be killed (kill -9 PID): the others go on."
}

print_secured_examples() {
  local json="-H 'Content-Type: application/json' -d"
  local event='"event_type":"notification","data":{"title":"Hello"}'
  cat <<TEXT

Tokens, for this run and at most a day. The user's is for user 123 and group "notifications":
publisher=$(token publisher)
administrator=$(token administrator)
user=$(token user)

With these three lines in the shell, open a stream, in another terminal:
  curl -N -H "Authorization: Bearer \$user" $(api 1)/stream/notifications/123
send to it, and look at the cluster:
  user       curl -H "Authorization: Bearer \$publisher" $(api 2)/send $json '{"user_id":"123",$event}'
  group      curl -H "Authorization: Bearer \$publisher" $(api 3)/send/group $json '{"group":"notifications",$event}'
  cluster    curl -H "Authorization: Bearer \$administrator" $(api 2)/info
and what is refused: no token, a send by a user, another user's messages:
  401        curl $(api 1)/info
  403        curl -H "Authorization: Bearer \$user" $(api 2)/broadcast $json '{$event}'
  403        curl -H "Authorization: Bearer \$user" '$(api 3)/messages?user_id=456'
TEXT
}

print_open_examples() {
  local json="-H 'Content-Type: application/json' -d"
  local event='"event_type":"notification","data":{"title":"Hello"}'
  cat <<TEXT

Open a stream (group "notifications", client and user "123"), in another terminal:
  curl -N $(api 1)/stream/notifications/123
and send to it, through any node:
  user       curl $(api 2)/send $json '{"user_id":"123",$event}'
  client     curl $(api 3)/send $json '{"client_id":"123",$event}'
  group      curl $(api 2)/send/group $json '{"group":"notifications",$event}'
  everyone   curl $(api 3)/broadcast $json '{$event}'
  batch      curl $(api 2)/send/batch $json '{"messages":[{"target":{"user_id":"123"},$event},{"target":{"broadcast":true},$event}]}'
TEXT
}

tell_of_services() { # once for each that has ended; the nodes go on, and show what they do without it
  local name
  [ -n "$services_pid" ] || return 0
  while read -r name; do
    case " $services_ended " in *" $name "*) continue ;; esac
    services_ended="$services_ended $name"
    say "The local $name has ended and will not come back; the nodes go on without it. Ctrl-C stops everything"
  done < <(setting ended)
}

supervise() {
  local i left=$nodes ended=()
  while [ "$left" -gt 0 ]; do
    sleep 0.5 & # bash waits for a program in the foreground before it looks at signals, and on a busy machine once waited for ever
    wait $! || true
    for ((i = 0; i < nodes; i++)); do
      if [ -z "${ended[i]:-}" ] && ! is_running "${node_pids[i]}"; then
        ended[i]=yes
        left=$((left - 1))
        say "Node $((i + 1)) (pid ${node_pids[i]}) has ended; $left still running. Its log: $(node_log "$i")"
      fi
    done
    if [ -n "$services_pid" ] && ! is_running "$services_pid"; then fail "the local Redis and MariaDB have ended"; fi
    tell_of_services
  done
  fail "all nodes have ended"
}

parse_options "$@"
check_options
require_tools
require_free_ports
prepare
build
unpack
start_services
train
make_tokens
SECONDS_BEFORE=$SECONDS
start_nodes
say "Ready after $SECONDS s ($((SECONDS - SECONDS_BEFORE)) s for the nodes)"
print_table
print_examples
supervise
