#!/usr/bin/env bash
# curl by itself: shows the events of one connection, as "event", type, id and data in a line each, and says when it has ended.
set -uo pipefail
type='' id='' data=''
while IFS= read -r line; do
  case $line in
    'event: '*) type=${line#event: } ;;
    'id: '*) id=${line#id: } ;;
    'data: '*) data=${line#data: } ;;
    '')
      if [ -n "$data" ]; then printf 'event\t%s\t%s\t%s\n' "$type" "$id" "$data"; fi
      type='' data='' ;;
  esac
done < <(exec curl -sN "$1")
printf 'ended\tcurl has ended\n'
