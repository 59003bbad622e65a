#!/usr/bin/env bash
# A deploy on this machine: three nodes are replaced one after the other while so many clients (default 3000) listen and 100 messages
# a second are sent. Fails when a message is lost, doubled or out of order, when a send is refused, when a node takes longer to stop
# than its drain window (default 15 s) and 5 s, or when more than a third of the clients come back within one second. Runs the
# build's own proof with more clients.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

clients=${1:-3000}
window=${2:-15}
needed=$((clients + 1000))
if [ "$(ulimit -n)" != unlimited ] && [ "$(ulimit -n)" -lt "$needed" ]; then ulimit -n "$needed"; fi

exec mvn -B verify -pl node -am -Dtest=none -Dit.test=RollingRestartIT \
  -Dsse.proof.rolling.clients="$clients" -Dsse.proof.rolling.window="$window" \
  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
