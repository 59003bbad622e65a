#!/usr/bin/env bash
# Checks the manifests: "check.sh" renders base and example and compares them with the schemas of Kubernetes and of the Prometheus
# Operator, and with what the nodes need. Asks no cluster. Needs kubectl (or kustomize) and Python 3.9 or newer with venv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

fail() {
  printf 'check.sh: %s\n' "$1" >&2
  exit 1
}

render() { # DIRECTORY
  if command -v kubectl >/dev/null; then kubectl kustomize "$1"; else kustomize build "$1"; fi
}

prepare_python() {
  if [ -x "$python" ] && "$python" -c 'import kubernetes_validate' 2>/dev/null; then return; fi
  python3 -m venv "$work/venv" || fail "Python's venv is missing: install python3-venv"
  "$python" -m pip install --quiet --disable-pip-version-check -r requirements.txt
}

command -v kubectl >/dev/null || command -v kustomize >/dev/null || fail "neither kubectl nor kustomize is here: install one"
command -v python3 >/dev/null || fail "install python3"
work=$PWD/target
python=$work/venv/bin/python
mkdir -p "$work"
prepare_python
for overlay in base example; do
  render "$overlay" >"$work/$overlay.yaml"
done
"$python" check.py "$work/base.yaml" "$work/example.yaml"
"$python" check_test.py "$work/example.yaml"
if command -v haproxy >/dev/null; then
  "$python" check.py --haproxy "$work/example.yaml" >"$work/haproxy.cfg"
  haproxy -c -q -f "$work/haproxy.cfg" || fail "HAProxy does not take the snippet of example/ingress.yaml"
  printf 'HAProxy takes the snippet of the example\n'
fi
