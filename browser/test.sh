#!/usr/bin/env bash
# The types of the browser client, its React hook in Chromium, and tabs that hang. (The client with real nodes is tested by the Java build:
# package dev.ssecluster.client.) Needs Node.js 20 or newer with npm, and Chromium.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)} || {
  echo "browser/test.sh: install Chromium" >&2
  exit 1
}
export CHROMIUM
npm ci --silent
npm run --silent types
npm run --silent test
