#!/usr/bin/env bash
# Builds the plugin for GOOS and GOARCH (default: this machine).
# usage: hack/build.sh OUTPUT [VERSION]
set -euo pipefail
cd "$(dirname "$0")/.."

output=$1
# Without the tag gRPC, which the storage libraries name, brings a debug page
# and with it html/template.
CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags grpcnotrace \
	-ldflags "$(hack/version.sh "${@:2}")" -o "$output" ./cmd/kubectl-backup

# A binary in which a template can run holds every exported method of every
# type, since templates find them by name: 18 MB more.
if grep -qaF 'text/template.(*state).evalField' "$output"; then
	echo "hack/build.sh: text/template is linked; see pkg/plugin/usage.go" >&2
	exit 1
fi
