#!/usr/bin/env bash
# Brings the Compose file up for real, on ports of its own and under another project name, and looks through the balancers at what must
# hold: streams on all nodes, sends that reach them from any, nothing lost when a node is killed, and a Chromium whose EventSources are
# never CLOSED, whatever is full, killed or restarted. Leaves nothing behind. Ends with 1 at the first thing that is wrong.
# Needs Docker, curl, Chromium and its driver, and the images of docker-compose.cluster.yml (Grafana's and HAProxy's only if there).
set -euo pipefail

here=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
scratch=$(mktemp -d)
driver_pid=
session=
stream_pids=()

wrong() {
  printf 'smoke-test: %s\n' "$1" >&2
  exit 1
}

passed() {
  printf 'smoke-test: ok after %3d s: %s\n' "$SECONDS" "$1"
}

# shellcheck source=deploy/local/build.sh
. "$root/deploy/local/build.sh"

compose() {
  docker compose -f "$here/docker-compose.cluster.yml" -f "$scratch/override.yml" "$@"
}

# shellcheck disable=SC2317,SC2329 # called by a trap
clean_up() {
  local status=$?
  trap - EXIT INT TERM
  end_streams
  [ -z "$session" ] || curl -s -m 10 -X DELETE "$driver/session/$session" >/dev/null || true
  [ -z "$driver_pid" ] || kill "$driver_pid" 2>/dev/null || true
  [ $status -eq 0 ] || compose --profile haproxy logs --no-color --tail 6 >&2 || true
  compose --profile haproxy down --volumes --timeout 1 >/dev/null 2>&1 || true
  rm -rf "$scratch"
  exit "$status"
}

free_port() {
  local port
  while port=$((20000 + RANDOM % 10000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  printf '%s\n' "$port"
}

await() { # SECONDS WHAT COMMAND...
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || wrong "$what did not happen in time"
    sleep 0.2
  done
}

# ---- the cluster

SSE_PORT=$(free_port) SSE_TLS_PORT=$(free_port) SSE_PROMETHEUS_PORT=$(free_port)
SSE_HAPROXY_PORT=$(free_port) SSE_HAPROXY_TLS_PORT=$(free_port)
export SSE_PORT SSE_TLS_PORT SSE_PROMETHEUS_PORT SSE_HAPROXY_PORT SSE_HAPROXY_TLS_PORT
export COMPOSE_PROJECT_NAME=sse-smoke-$$
web=http://127.0.0.1:$SSE_PORT
secure=https://127.0.0.1:$SSE_TLS_PORT
api=$web/api/v1/sse
driver=http://127.0.0.1:$(free_port)

# Node 1 is soon full. Who is sent away by nginx comes back after 10 s, not up to 60: the test would take as long. The page in the browser comes from the TLS port, so that some of its streams are of another origin.
write_override() {
  local i
  sed 's/\(\*\|10%\) [0-9]*000;/\1 10000;/g' "$root/deploy/nginx/nginx.conf" >"$scratch/nginx.conf"
  [ "$(grep -c '% 10000; 10% 10000;.*\* 10000;' "$scratch/nginx.conf")" -eq 1 ] || wrong "cannot shorten nginx' delays"
  {
    say "services:"
    say "  nginx:"
    say "    volumes: ['$scratch/nginx.conf:/etc/nginx/nginx.conf:ro']"
    for i in 1 2 3; do
      say "  node$i:"
      say "    environment:"
      say "      SSE_SECURITY_MODE: none"
      say "      SSE_SECURITY_ALLOWED_ORIGINS: $secure"
      [ "$i" -ne 1 ] || say "      SSE_STREAM_MAX_STREAMS: 3"
    done
  } >"$scratch/override.yml"
}

say() {
  printf '%s\n' "$*"
}

container() { # SERVICE
  printf '%s-%s-1\n' "$COMPOSE_PROJECT_NAME" "$1"
}

is_healthy() { # SERVICE...
  local service
  for service in "$@"; do
    [ "$(docker inspect --format '{{.State.Health.Status}}' "$(container "$service")")" = healthy ] || return 1
  done
}

kill_now() { # SERVICE...
  local service
  for service in "$@"; do docker kill "$(container "$service")" >/dev/null; done
}

start_again() { # SERVICE...
  local service
  for service in "$@"; do docker start "$(container "$service")" >/dev/null; done
}

test_up() {
  "$here/up.sh" --without-grafana --override "$scratch/override.yml" >"$scratch/up.out" 2>&1 \
    || { cat "$scratch/up.out" >&2; wrong "up.sh failed"; }
  passed "up.sh: $(grep '^Ready' "$scratch/up.out")"
  if docker image inspect "$(compose --profile haproxy config --images haproxy | grep haproxy)" >/dev/null 2>&1; then
    compose --profile haproxy up --detach --no-deps haproxy >/dev/null 2>&1 || wrong "HAProxy does not start"
    balancers=(nginx haproxy)
  elif [ "${SSE_TEST_HAPROXY:-}" = required ]; then
    wrong "there is no image of HAProxy"
  fi
}

balancers=(nginx)

url_of() { # BALANCER
  if [ "$1" = nginx ]; then say "$api"; else say "http://127.0.0.1:$SSE_HAPROXY_PORT/api/v1/sse"; fi
}

# ---- streams with curl

end_streams() {
  [ ${#stream_pids[@]} -eq 0 ] || kill "${stream_pids[@]}" 2>/dev/null || true
  stream_pids=()
}

open_streams() { # URL COUNT QUERY
  local i
  for ((i = 0; i < $2; i++)); do
    curl -sN "$1/stream?user_id=smoke$i&group=smoke&$3" >"$scratch/stream-$i.out" 2>/dev/null &
    stream_pids+=($!)
    await 20 "the opening of stream $i" grep -q '"connected\|^event: connected' "$scratch/stream-$i.out"
  done
}

nodes_of_streams() {
  cat "$scratch"/stream-*.out | sed -n 's/.*"node":"\([^"]*\)".*/\1/p' | sort | uniq -c | awk '{ printf "%s %s, ", $2, $1 }'
}

received_all() { # COUNT: that many events in each stream
  local file
  for file in "$scratch"/stream-*.out; do
    [ "$(grep -c '^event: smoke$' "$file")" -eq "$1" ] || return 1
  done
}

post() { # URL BODY: the answer's status, the rest in answer.out
  curl -s -m 20 -o "$scratch/answer.out" -D "$scratch/answer.head" -w '%{http_code}' "$1" -H 'Content-Type: application/json' \
    -H "Origin: $secure" -d "$2"
}

test_streams() { # BALANCER
  local url nodes i
  url=$(url_of "$1")
  await 20 "$1's first answer" curl -sf -m 2 "$url/info"
  open_streams "$url" 8 "access_token=SECRET-IN-QUERY"
  nodes=$(nodes_of_streams)
  case $nodes in *node1*node2*node3*) ;; *) wrong "streams through $1 are only on $nodes" ;; esac
  for i in 1 2 3 4 5 6; do
    [ "$(post "$url/send/group" '{"group":"smoke","event_type":"smoke","data":1}')" = 200 ] || wrong "send $i through $1: $(cat "$scratch/answer.out")"
    grep -q '"nodes":3' "$scratch/answer.out" || wrong "send $i through $1 did not reach three nodes: $(cat "$scratch/answer.out")"
  done
  await 10 "the arrival of 6 events in 8 streams" received_all 6
  passed "$1: 8 streams on ${nodes}of which node1 takes 3; 6 sends through it reached all"
  end_streams
  rm -f "$scratch"/stream-*.out
}

test_queries_hidden() {
  local service
  for service in "${balancers[@]}" node1 node2 node3; do
    docker logs "$(container "$service")" >"$scratch/log.out" 2>&1
    if grep -qF SECRET-IN-QUERY "$scratch/log.out"; then wrong "the log of $service has a query"; fi
  done
  passed "no log has a query"
}

# The load test's clients do what the HTML standard says of EventSource. Long enough for one that was sent away for 10 s to catch up.
test_killed_node() {
  local checker
  "$jdk/bin/java" -jar "$load_test_jar" --rate 50 --seconds 20 --streams 24 "$web" >"$scratch/check.out" 2>&1 &
  checker=$!
  await 20 "the opening of the load test's streams" grep -q "streams open" "$scratch/check.out"
  sleep 3
  kill_now node2
  wait "$checker" || { cat "$scratch/check.out" >&2; wrong "events were lost or repeated when a node was killed"; }
  start_again node2
  passed "docker kill of a node, 24 streams, 1000 sends: $(tail -n 1 "$scratch/check.out") ($(grep '^all ' "$scratch/check.out" | awk '{ print $4 }') received)"
}

# ---- a browser

script() { # JAVASCRIPT: its value
  local body
  body=$(printf '%s' "$1" | tr '\n' ' ' | sed 's/\\/\\\\/g; s/"/\\"/g')
  curl -s -m 30 "$driver/session/$session/execute/sync" -H 'Content-Type: application/json' -d "{\"script\":\"$body\",\"args\":[]}" \
    | sed 's/^{"value":\(.*\)}$/\1/; s/^"\(.*\)"$/\1/'
}

start_browser() {
  local chromium
  chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || wrong "no Chromium"
  chromedriver --port="${driver##*:}" >"$scratch/driver.log" 2>&1 &
  driver_pid=$!
  await 20 "the start of chromedriver" curl -sf "$driver/status"
  session=$(curl -s -m 60 "$driver/session" -d '{"capabilities":{"alwaysMatch":{"browserName":"chrome","acceptInsecureCerts":true,
    "goog:chromeOptions":{"binary":"'"$chromium"'","args":["--headless=new","--no-sandbox","--disable-gpu","--disable-dev-shm-usage",
    "--disable-background-networking","--disable-component-update","--disable-sync","--no-first-run"]}}}}' \
    | sed -n 's/.*"sessionId":"\([^"]*\)".*/\1/p')
  [ -n "$session" ] || wrong "Chromium did not start: $(tail -n 3 "$scratch/driver.log")"
  curl -s -m 30 "$driver/session/$session/url" -d "{\"url\":\"$secure/api/v1/sse/\"}" >/dev/null
  script "window.sources = []; window.gaveUp = []; window.heard = {};
    window.listen = url => {
      const source = new EventSource(url);
      source.onerror = () => { if (source.readyState === 2) gaveUp.push(url); };
      source.addEventListener('smoke', e => heard[url] = e.data);
      sources.push(source);
    };" >/dev/null
}

browser_listens() { # FROM TO URL
  local i
  for ((i = $1; i <= $2; i++)); do script "listen('$3/stream?user_id=browser$i&group=browser')" >/dev/null; done
}

all_open() {
  [ "$(script "return sources.filter(s => s.readyState !== 1).length")" = 0 ]
}

never_closed() { # WHAT
  local closed
  closed=$(script "return gaveUp.join(' ') + sources.filter(s => s.readyState === 2).length")
  [ "$closed" = 0 ] || wrong "$1 closed an EventSource: $closed"
}

# Eight over HTTP/2: over HTTP/1.1 the seventh would wait. Two of another origin, over HTTP/1.1.
test_browser() {
  start_browser
  browser_listens 1 8 "$secure/api/v1/sse"
  browser_listens 9 10 "$api"
  await 30 "the opening of ten EventSources" all_open
  never_closed "a full node"
  [ "$(script "return performance.getEntriesByType('navigation')[0].nextHopProtocol")" = h2 ] \
    || wrong "the browser does not speak HTTP/2"
  passed "Chromium: 10 EventSources, 8 of them over HTTP/2, are open; a full node closes none"
}

test_killed_redis() {
  local balancer
  kill_now redis
  await 30 "the nodes' notice of it" nobody_takes_streams
  browser_listens 11 11 "$api"
  for balancer in "${balancers[@]}"; do sends_away "$balancer" "Redis is away"; done
  start_again redis
  await 30 "Redis' return" is_healthy redis
  await 30 "the nodes' return" is_healthy node1 node2 node3
  never_closed "a killed Redis"
  passed "a killed Redis closes no EventSource; new streams are told to come back"
}

nobody_takes_streams() {
  curl -s -m 5 -N "$api/stream?user_id=nobody" | head -n 2 | grep -q "event: sse.goaway"
}

# What a balancer answers when no node takes a stream: what an EventSource accepts, of whatever origin.
sends_away() { # BALANCER WHEN
  local head=$scratch/away.head body=$scratch/away.out
  curl -s -m 20 -D "$head" -o "$body" -H "Origin: $secure" "$(url_of "$1")/stream?user_id=away" || wrong "$1 did not end its answer when $2"
  tr -d '\r' <"$head" >"$head.lines"
  head -n 1 "$head.lines" | grep -q " 200" || wrong "$1 answers a stream with $(head -n 1 "$head.lines") when $2"
  grep -qi '^content-type: text/event-stream' "$head.lines" || wrong "$1 answers no event stream when $2"
  grep -qix "access-control-allow-origin: $secure" "$head.lines" || wrong "$1 answers without CORS when $2: $(cat "$head.lines")"
  grep -qix "access-control-allow-credentials: true" "$head.lines" || wrong "$1 allows no credentials when $2"
  grep -qx 'retry: [1-6][0-9]\{4\}' "$body" || wrong "$1 says no retry when $2: $(cat "$body")"
  grep -qx 'event: sse.goaway' "$body" || wrong "$1 says no goaway when $2: $(cat "$body")"
  keeps_cursor "$1" 1795469520329132~2-3-4 -H "Last-Event-ID: 1795469520329132~2-3-4"
  keeps_cursor "$1" 1795469520329133
}

# By the HTML standard an event without id would take the client's last event id away.
keeps_cursor() { # BALANCER CURSOR OPTION...
  local url cursor=$2
  url="$(url_of "$1")/stream?user_id=away&last_event_id=1795469520329133"
  shift 2
  curl -s -m 20 "$@" "$url" | grep -qx "id: $cursor" || wrong "a client that is sent away loses its cursor $cursor"
}

test_restarted_nodes() {
  local balancer status
  kill_now node1 node2 node3
  for balancer in "${balancers[@]}"; do
    sends_away "$balancer" "no node is there"
    status=$(post "$(url_of "$balancer")/broadcast" '{"event_type":"smoke","data":1}')
    [ "$status" = 503 ] || wrong "$balancer answers a send with $status when no node is there"
    grep -qi '^content-type: application/problem+json' "$scratch/answer.head" || wrong "$balancer answers a send without a problem"
    grep -q '"outcome":"unknown"' "$scratch/answer.out" || wrong "$balancer answers a send with $(cat "$scratch/answer.out")"
  done
  never_closed "the death of all nodes"
  start_again node1 node2 node3
  await 120 "the nodes' return" is_healthy node1 node2 node3
  passed "without nodes the balancers send streams away with 200, refuse sends with 503, and find the nodes when they are back"
}

test_browser_returns() {
  await 90 "the return of eleven EventSources" all_open
  never_closed "a restart of all nodes"
  [ "$(post "$api/send/group" '{"group":"browser","event_type":"smoke","data":42}')" = 200 ] || wrong "no send: $(cat "$scratch/answer.out")"
  await 10 "the arrival of an event in all EventSources" all_heard
  passed "Chromium: all 11 EventSources are back by themselves and hear what is sent; none was ever CLOSED"
}

all_heard() {
  [ "$(script "return Object.values(heard).filter(d => d === '42').length")" = 11 ]
}

test_prometheus() {
  await 45 "Prometheus' sight of three nodes" three_up
  passed "Prometheus scrapes all three nodes"
}

three_up() {
  curl -s "http://127.0.0.1:$SSE_PROMETHEUS_PORT/api/v1/query" --data-urlencode 'query=count(sse_streams_open)' | grep -q '"3"\]'
}

trap clean_up EXIT
trap 'exit 1' INT TERM
find_jdk
write_override
test_up
for balancer in "${balancers[@]}"; do test_streams "$balancer"; done
test_queries_hidden
test_killed_node
await 60 "the return of node 2" is_healthy node2
test_browser
test_killed_redis
test_restarted_nodes
test_browser_returns
test_queries_hidden
test_prometheus
passed "all"
