#!/usr/bin/env bash
# Prints the part of README.md, read from stdin, that helps who has an archive
# and no repository.
# usage: hack/excerpt.sh NAME <README.md
set -euo pipefail

echo "# kubectl $1"
awk '
	/^## / {
		title = substr($0, 4)
		shown = title == "What it is" || title == "On call" || title == "Commands" || title == "Exit codes" || title == "Access to storage"
		if (shown) print ""
	}
	shown' | sed -E "s/kubectl backup\b/kubectl $1/g; s/\[([^]]*)\]\(docs[^)]*\)/\1 of the repository/g"
printf '\nApache-2.0, see LICENSE. https://github.com/kubectl-backup/kubectl-backup\n'
