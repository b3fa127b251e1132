#!/usr/bin/env bash
# Builds the plugin for GOOS and GOARCH (default: this machine).
# usage: hack/build.sh OUTPUT [VERSION]
set -euo pipefail
cd "$(dirname "$0")/.."

output=$1
CGO_ENABLED=0 go build -trimpath -buildvcs=false \
	-ldflags "$(hack/version.sh "${@:2}")" -o "$output" ./cmd/kubectl-backup
