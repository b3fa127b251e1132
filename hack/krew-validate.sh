#!/usr/bin/env bash
# Holds a krew manifest to our rules and to those of krew's own validator.
# usage: hack/krew-validate.sh FILE
set -euo pipefail
cd "$(dirname "$0")/.."

go run ./hack/krew-check "$1"
# krew wants the file to be named after the plugin.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$1" "$folder/backup.yaml"
tools=$(hack/tool.sh krew)
"$tools/validate-krew-manifest" -manifest "$folder/backup.yaml" -skip-install >"$folder/output" 2>&1 ||
	{ cat "$folder/output" >&2; exit 1; }
