#!/usr/bin/env bash
# Measures how fast the store answers from a large table, on a database of its own: by default 5 000 000 rows in an embedded
# MariaDB, with "containers" in MySQL 9. Takes some minutes and about 4 GB below TMPDIR.
#   loadtest/store.sh [ROWS] [embedded|containers]
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
mvn -B -f "$root/pom.xml" verify -pl node -am -Dtest=None -Dit.test=StoreFigures -Dsse.test.rows="${1:-5000000}" \
  -Dsse.test.services="${2:-embedded}" -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false |
  grep -E 'median|rows, filled|ERROR|BUILD'
