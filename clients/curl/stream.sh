#!/usr/bin/env bash
# snippet
# A stream with curl that ends only when the server says so for good. Prints "event", type, id and data, tab-separated.
# Usage: stream.sh URL SECONDS. A connection that is silent for about 5 s more is given up: more than two heartbeats.
set -uo pipefail
headers=$(mktemp)
trap 'rm -f "$headers"; [ -z "${pid:-}" ] || kill "$pid" 2>/dev/null' EXIT
trap exit TERM INT

id='' retry=1000
while :; do
  exec 3< <(exec curl -sN --speed-limit 1 --speed-time "$2" -D "$headers" -H "Last-Event-ID: $id" "$1")
  pid=$!
  type='' data='' next=$id
  while IFS= read -r line <&3; do
    case $line in
      'event: '*) type=${line#event: } ;;
      'data: '*) data=${line#data: } ;;
      'id: '*) next=${line#id: } ;;
      'retry: '*) retry=${line#retry: } ;;
      '') # only a whole event counts
        id=$next
        if [ -n "$data" ]; then printf 'event\t%s\t%s\t%s\n' "$type" "$id" "$data"; fi
        type='' data='' ;;
    esac
  done
  wait "$pid"
  status=$(awk 'NR == 1 { print $2 }' "$headers")
  case $status in
    204 | 4??)
      printf 'ended\tHTTP %s\n' "$status"
      exit ;;
    503) retry=$(awk 'tolower($1) == "retry-after:" { print $2 * 1000 }' "$headers") ;;
  esac
  : >"$headers"
  sleep "$((${retry:-1000} / 1000)).$(printf '%03d' "$((${retry:-1000} % 1000))")"
done
