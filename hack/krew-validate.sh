#!/usr/bin/env bash
# Holds a krew manifest, or its template, to our rules and to those of krew's
# own validator.
# usage: hack/krew-validate.sh FILE
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# krew wants the file to be named after the plugin.
copy=$folder/$(go run ./hack/krew name "$1").yaml
if grep -q 'version: v0\.0\.0$' "$1"; then
	go run ./hack/krew fill "$1" v0.0.0 >"$copy"
else
	cp "$1" "$copy"
fi
go run ./hack/krew check "$copy"
tools=$(hack/tool.sh krew)
"$tools/validate-krew-manifest" -manifest "$copy" -skip-install >"$folder/output" 2>&1 ||
	{ cat "$folder/output" >&2; exit 1; }
