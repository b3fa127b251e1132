#!/usr/bin/env bash
# Builds the pinned tools of one module below hack/tools, once for each version,
# and prints the folder of their binaries.
# usage: hack/tool.sh golangci-lint|krew|stern
set -euo pipefail
cd "$(dirname "$0")/.."

name=$1
module=hack/tools/$name
mkdir -p "${KUBECTL_BACKUP_CACHE:-.cache}/tools"
cache=$(cd "${KUBECTL_BACKUP_CACHE:-.cache}/tools" && pwd)
version=$(go -C "$module" list -f '{{.Module.Version}}' tool | head -n 1)
folder=$cache/$name-$version-$(go env GOVERSION)

if [ ! -d "$folder" ]; then
	echo "building $name $version, once" >&2
	# Moved into place only when complete, so that an interrupted build leaves no half tool.
	fresh=$(mktemp -d "$cache/.$name.XXXXXX")
	trap 'rm -rf "$fresh"' EXIT
	CGO_ENABLED=0 go -C "$module" build -trimpath -buildvcs=false -ldflags='-s -w' -o "$fresh/" tool >&2
	mv "$fresh" "$folder"
fi
echo "$folder"
