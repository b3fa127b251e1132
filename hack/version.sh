#!/usr/bin/env bash
# Prints the linker flags that stamp the version. All three values come from
# git, so that one commit always builds the same bytes.
# usage: hack/version.sh [VERSION]
set -euo pipefail
cd "$(dirname "$0")/.."

package=github.com/kubectl-backup/kubectl-backup/pkg/plugin/version
version=${1:-$(git describe --tags --always --dirty 2>/dev/null || echo unknown)}
commit=$(git rev-parse --verify --quiet HEAD 2>/dev/null || echo unknown)
date=$(TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd 2>/dev/null || echo unknown)
echo "-s -w -X $package.Version=$version -X $package.Commit=$commit -X $package.Date=$date"
