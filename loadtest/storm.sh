#!/usr/bin/env bash
# A storm of reconnects on this machine: so many clients of one group (default 5000) come back at once, 100 events behind,
# to two nodes. Fails when they are not caught up within 5 s, when the group's history is read more than once per node, or
# when the database is asked. Runs the build's own proof with more clients.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

clients=${1:-5000}
needed=$((clients * 2 + 1000)) # both ends of each connection are in one process
if [ "$(ulimit -n)" != unlimited ] && [ "$(ulimit -n)" -lt "$needed" ]; then ulimit -n "$needed"; fi

# Clients and nodes share one JVM that has just started: compiling thoroughly would take more of the few seconds than the storm.
export JAVA_TOOL_OPTIONS="${JAVA_TOOL_OPTIONS:-} -XX:TieredStopAtLevel=1"
exec mvn -B verify -pl node -am -Dtest=none -Dit.test=ReconnectStormIT -Dsse.proof.storm.clients="$clients" \
  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
