#!/usr/bin/env bash
# Tries clients that nobody here wrote against a local cluster, and compares docs/clients.md with what they do.
# Needs what the build needs, and npm, Node.js 20 or newer, curl, Chromium and its driver. About two minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
  printf 'clients/test.sh: %s\n' "$1" >&2
  exit 1
}

for program in mvn npm node curl chromium chromedriver; do
  command -v "$program" >/dev/null || fail "$program not found (Debian: maven npm nodejs curl chromium chromium-driver)"
done
[ -e node/target/sse-cluster-node.jar ] || fail "build first: mvn package"

(cd clients/node && npm ci --no-audit --no-fund --loglevel=error)
mvn -B -f clients/pom.xml verify "$@" </dev/null
