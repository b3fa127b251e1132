#!/usr/bin/env bash
# Runs every fuzz target of the module, one after the other.
# usage: hack/fuzz.sh DURATION
set -euo pipefail
cd "$(dirname "$0")/.."

grep -rl --include='*_test.go' '^func Fuzz' pkg | while read -r file; do
	grep -o '^func Fuzz[A-Za-z0-9_]*' "$file" | while read -r _ target; do
		go test "./$(dirname "$file")" -run '^$' -fuzz "^$target\$" -fuzztime "$1" </dev/null
	done
done
