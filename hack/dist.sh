#!/usr/bin/env bash
# Builds a release: an archive for each platform with a bill of materials beside
# it, their checksums, and the krew manifest. One commit always gives the same
# bytes. krew then installs each archive into a temporary folder, as a user's
# krew would.
# usage: hack/dist.sh [VERSION]    (default: the tag at HEAD, or v0.0.0-dev)
#   DIST       where to (default: dist)
#   PLATFORMS  what for (default: all six)
#   MANIFEST   the template of the manifest, which has the plugin's name
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:-$(git describe --tags --exact-match 2>/dev/null || echo v0.0.0-dev)}
dist=${DIST:-dist}
template=${MANIFEST:-krew-manifest.yaml}
platforms=${PLATFORMS:-linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64}

name=$(go run ./hack/krew name "$template")
program=kubectl-${name//-/_} # kubectl reads an underscore as a dash
# The date of the commit; where there is no git, the earliest that a zip can hold.
date=$(TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd 2>/dev/null || echo 1980-01-01T00:00:00Z)
rm -rf "$dist"
mkdir -p "$dist"
dist=$(cd "$dist" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tools=$(hack/tool.sh krew)

archive_of() { # OS ARCH
	local ending=tar.gz
	[ "$1" != windows ] || ending=zip
	echo "kubectl-${name}_${version}_$1_$2.$ending"
}

go run ./hack/man "$work/man" "$name" "$version" "$date"
hack/excerpt.sh "$name" <README.md >"$work/README.md"
go -C hack/sbom build -trimpath -buildvcs=false -o "$work/sbom" .
for platform in $platforms; do
	os=${platform%/*} arch=${platform#*/}
	archive=$(archive_of "$os" "$arch")
	binary=$work/$os-$arch/$program
	[ "$os" != windows ] || binary=$binary.exe
	GOOS=$os GOARCH=$arch hack/build.sh "$binary" "$version"
	go run ./hack/archive "$dist/$archive" LICENSE "$work/README.md" "$work/man" "$binary"
	"$work/sbom" "$binary" "$dist/$archive" "$version" "$date"
	echo "$archive"
done
(cd "$dist" && sha256sum kubectl-* >checksums.txt)

manifest=$dist/$name.yaml
go run ./hack/krew fill "$template" "$version" "$dist/checksums.txt" >"$manifest"
hack/krew-validate.sh "$manifest"
for platform in $platforms; do
	os=${platform%/*} arch=${platform#*/}
	KREW_ROOT=$work/krew-$os-$arch KREW_OS=$os KREW_ARCH=$arch KREW_NO_UPGRADE_CHECK=1 \
		"$tools/krew" install --manifest="$manifest" --archive="$dist/$(archive_of "$os" "$arch")" >/dev/null 2>&1 ||
		{ echo "error: krew could not install $(archive_of "$os" "$arch")" >&2; exit 1; }
done
basename "$manifest"
