#!/usr/bin/env bash
# Runs golangci-lint over the plugin and over the lab, which is a module of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(hack/tool.sh golangci-lint)
config=$PWD/.golangci.yml
# Another checkout may be linted at the same time.
for module in . tests/lab tests/lab/tidb tests/lab/velero; do
	(cd "$module" && "$tools/golangci-lint" run --allow-parallel-runners --config "$config" ./...)
done
