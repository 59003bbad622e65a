#!/usr/bin/env bash
# Checks a running cluster: builds the load test where it is missing or older than its sources, and runs it.
# "check.sh --help" says how. Kept to bash 3.2.
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
jar=$root/loadtest/target/loadtest.jar

say() {
  printf '%s\n' "$*"
}

fail() {
  printf 'check.sh: %s\n' "$1" >&2
  exit 2
}

# shellcheck source=deploy/local/build.sh
. "$root/deploy/local/build.sh"

build_load_test() {
  local log=$root/loadtest/target/check-build.log
  is_current "$jar" "$root/pom.xml" "$root/loadtest/pom.xml" "$root/loadtest/src/main" && return
  command -v mvn >/dev/null || fail "Maven not found: install Maven 3.8.7 or newer so that mvn is on the PATH"
  mkdir -p "$root/loadtest/target"
  JAVA_HOME=$jdk mvn -B -q -f "$root/pom.xml" -Dmaven.test.skip=true -Dspotless.check.skip=true -pl loadtest package \
    >"$log" 2>&1 </dev/null || fail "the build failed, see $log: $(grep -m 1 -F '[ERROR]' "$log" || tail -n 1 "$log")"
  touch "$jar" # Maven leaves a jar alone whose content stays the same
}

find_jdk
build_load_test
exec "$jdk/bin/java" -jar "$jar" "$@"
