#!/usr/bin/env bash
# Checks the configurations and the alert rules, and that each rule fires when it should and only then.
# Needs promtool: Debian's package "prometheus" has it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

command -v promtool >/dev/null || { printf 'check.sh: install promtool first (Debian: prometheus)\n' >&2; exit 1; }

promtool check config prometheus.yml local.yml
promtool check rules alerts.yml
promtool test rules alerts-test.yml

# A rule without its two tests would go unnoticed.
sed -n 's/^ *- alert: //p' alerts.yml | while read -r name; do
  for outcome in fires 'does not fire'; do
    grep -q "^  - name: $name $outcome\$" alerts-test.yml || { printf 'check.sh: no test "%s %s"\n' "$name" "$outcome" >&2; exit 1; }
  done
done
