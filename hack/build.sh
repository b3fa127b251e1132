#!/usr/bin/env bash
# Builds the plugin for GOOS and GOARCH (default: this machine).
# usage: hack/build.sh OUTPUT [VERSION]
set -euo pipefail
cd "$(dirname "$0")/.."

output=$1
# disable_grpc_modules keeps the gRPC half of Google's storage client out: 17 MB
# of code that reading a bucket never calls.
CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags disable_grpc_modules \
	-ldflags "$(hack/version.sh "${@:2}")" -o "$output" ./cmd/kubectl-backup
