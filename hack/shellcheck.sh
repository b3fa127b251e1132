#!/usr/bin/env bash
# Runs shellcheck over every script, and installs it first where that is possible.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v shellcheck >/dev/null; then
	if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
		echo "error: shellcheck is missing" >&2
		echo "hint: install the package shellcheck (Debian: apt-get install shellcheck)" >&2
		exit 1
	fi
	apt-get -qq update
	DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends shellcheck >/dev/null
fi
shellcheck hack/*.sh .ci/run
