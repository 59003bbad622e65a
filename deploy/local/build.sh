# shellcheck shell=bash disable=SC2154,SC2034 # cluster.sh sets and reads some of the variables
# Part of cluster.sh: finds the JDK, builds what is missing or older than its sources. Uses its root, say, fail and start.

node_target=$root/node/target
node_jar=$node_target/sse-cluster-node.jar
app=$node_target/cluster
services_target=$root/deploy/local/target
load_test_jar=$root/loadtest/target/loadtest.jar
jdk=

is_jdk_25() {
  local version
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ "${version:-0}" -ge 25 ]
}

jdk_candidates() {
  local name program
  say "${JAVA_HOME:-}"
  for name in $(compgen -v JAVA_HOME_25 || true); do say "${!name}"; done
  if program=$(command -v javac); then
    program=$(readlink -f "$program" 2>/dev/null || say "$program")
    dirname "$(dirname "$program")"
  fi
  if [ -x /usr/libexec/java_home ]; then /usr/libexec/java_home -v 25+ 2>/dev/null || true; fi
  for name in /usr/lib/jvm/* /opt/java/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do say "$name"; done
}

find_jdk() {
  local candidate
  while IFS= read -r candidate; do
    if is_jdk_25 "$candidate"; then
      jdk=$candidate
      return
    fi
  done < <(jdk_candidates)
  fail "no JDK 25 found: install one (for example Eclipse Temurin 25) and set JAVA_HOME to it"
}

require_tools() {
  find_jdk
  command -v mvn >/dev/null || fail "Maven not found: install Maven 3.8.7 or newer so that mvn is on the PATH"
}

# ---- build

is_current() { # FILE SOURCE...: the file is not older than any of the sources
  local file=$1
  shift
  [ -e "$file" ] && [ -z "$(find "$@" -newer "$file" -print 2>/dev/null | head -n 1)" ]
}

has_class_path() { # everything that the services' class path names is still there
  local entry
  [ -r "$services_target/classpath" ] || return 1
  while IFS= read -r -d : entry || [ -n "$entry" ]; do
    [ -e "$entry" ] || return 1
  done <"$services_target/classpath"
}

services_jar() {
  find "$services_target" -maxdepth 1 -name 'local-services-*.jar' 2>/dev/null | head -n 1
}

is_built() {
  is_current "$node_jar" "$root/pom.xml" "$root"/{node,shared-model}/pom.xml "$root"/{node,shared-model}/src/main \
    "$root"/browser/sse-* \
    && is_current "$load_test_jar" "$root/pom.xml" "$root/loadtest/pom.xml" "$root/loadtest/src/main" \
    && is_current "$(services_jar)" "$root/pom.xml" "$root/deploy/local/pom.xml" "$root/deploy/local/src/main" \
    && has_class_path
}

build() {
  local log=$node_target/cluster-build.log
  is_built && return
  say "Building (log: $log)"
  mkdir -p "$node_target"
  start env JAVA_HOME="$jdk" mvn -B -q -f "$root/pom.xml" -DskipTests -Dspotless.check.skip=true \
    -pl node,deploy/local,loadtest -am package >"$log" 2>&1 </dev/null
  build_pid=$pid
  wait "$build_pid" || fail "the build failed, see $log: $(grep -m 1 -F '[ERROR]' "$log" || tail -n 1 "$log")"
  build_pid=
  touch "$node_jar" "$load_test_jar" "$(services_jar)" # Maven leaves a jar alone whose content stays the same
}

# Unpacked, a node starts faster than from one jar, and can use a start cache (ahead-of-time cache, JDK 25).
unpack() {
  if [ "$app/unpacked" -nt "$node_jar" ]; then return; fi
  rm -rf "$app"
  "$jdk/bin/java" -Djarmode=tools -jar "$node_jar" extract --destination "$app" >/dev/null \
    || fail "cannot unpack $node_jar into $app"
  touch "$app/unpacked"
}
