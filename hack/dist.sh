#!/usr/bin/env bash
# Builds the release into dist/: six archives, their checksums and the krew
# manifest. One commit always gives the same bytes. krew then installs each
# archive into a temporary folder, as a user's krew would.
# usage: hack/dist.sh [VERSION]    (default: the tag at HEAD, or v0.0.0-dev)
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:-$(git describe --tags --exact-match 2>/dev/null || echo v0.0.0-dev)}
platforms="linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64"

rm -rf dist
mkdir -p dist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tools=$(hack/tool.sh krew)

archive_of() { # OS ARCH
	local ending=tar.gz
	[ "$1" != windows ] || ending=zip
	echo "kubectl-backup_${version}_$1_$2.$ending"
}

for platform in $platforms; do
	os=${platform%/*} arch=${platform#*/}
	binary=$work/$os-$arch/kubectl-backup
	[ "$os" != windows ] || binary=$binary.exe
	GOOS=$os GOARCH=$arch hack/build.sh "$binary" "$version"
	go run ./hack/archive "dist/$(archive_of "$os" "$arch")" LICENSE "$binary"
	echo "dist/$(archive_of "$os" "$arch")"
done
(cd dist && sha256sum kubectl-backup_* >checksums.txt)

# Each uri line is followed by the checksum of the archive that it names.
sed "s/v0\.0\.0/$version/g" krew-manifest.yaml | awk '
	NR == FNR { checksum[$2] = $1; next }
	/^#/      { next }
	$1 == "uri:" { n = split($2, part, "/"); archive = part[n] }
	$1 == "sha256:" { sub(/"[0-9a-f]*"/, "\"" checksum[archive] "\"") }
	{ print }' dist/checksums.txt - >dist/backup.yaml

hack/krew-validate.sh dist/backup.yaml
for platform in $platforms; do
	os=${platform%/*} arch=${platform#*/}
	KREW_ROOT=$work/krew-$os-$arch KREW_OS=$os KREW_ARCH=$arch KREW_NO_UPGRADE_CHECK=1 \
		"$tools/krew" install --manifest=dist/backup.yaml --archive="dist/$(archive_of "$os" "$arch")" >/dev/null 2>&1 ||
		{ echo "error: krew could not install $(archive_of "$os" "$arch")" >&2; exit 1; }
done
echo "dist/backup.yaml"
