#!/usr/bin/env bash
# Whether the node in this container is ready: for Docker's health check. Without curl, which is not in the image.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/${MANAGEMENT_SERVER_PORT:-9081}"
printf 'GET /actuator/health/readiness HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
read -r -t 2 status <&3
case $status in 'HTTP/1.'?' 200'*) ;; *) printf '%s\n' "$status"; exit 1 ;; esac
