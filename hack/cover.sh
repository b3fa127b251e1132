#!/usr/bin/env bash
# Reports the statement coverage of each package. The packages that decide
# whether data may be lost have a floor.
set -euo pipefail
cd "$(dirname "$0")/.."

go test -count=1 -cover ./pkg/... | awk '
	{ print }
	$1 == "FAIL" || $1 == "---" { failed = 1 }
	/\/pkg\/(diagnose|finalizer)[ \t].*coverage:/ {
		seen++
		for (i = 1; i < NF; i++) if ($i == "coverage:") share = $(i + 1) + 0
		if (share < 95) { printf "%s is below its floor of 95%%\n", $2; failed = 1 }
	}
	END { if (seen != 2) { print "diagnose or finalizer was not measured"; failed = 1 } exit failed }'
