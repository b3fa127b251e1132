#!/usr/bin/env bash
# Walks through the TiDB case in the lab: a backup whose deletion hangs is
# listed, explained and freed. Each command is printed before it runs. On a
# terminal the last one asks for the object's name; elsewhere the digest of the
# plan confirms it.
# usage: hack/demo.sh PLUGIN    (with the environment of `lab env`)
set -euo pipefail
cd "$(dirname "$0")/.."

plugin=$(cd "$(dirname "$1")" && pwd)
PATH=$plugin:$(dirname "$LAB_KUBECTL"):$PATH
export PATH KUBECONFIG=$LAB_KUBECONFIG XDG_STATE_HOME=$LAB_STATE
target=backups.pingcap.com/backup-test

say() { printf '\n# %s\n' "$*"; }

# run prints and runs a command that has to end with the given exit code.
run() { # CODE COMMAND…
	local want=$1 got=0
	shift
	printf '\n$ %s\n' "$*"
	"$@" || got=$?
	if [ "$got" != "$want" ]; then
		echo "error: exit code $got, expected $want" >&2
		exit 1
	fi
	[ "$got" = 0 ] || echo "(exit code $got)"
}

say "Somebody deleted a backup. It does not go away."
run 0 kubectl backup get -n tidb-test

say "Who waits for what?"
run 2 kubectl backup diagnose "$target" -n tidb-test

say "The endpoint in the object is wrong, so nobody can see what is stored there: undecided."
run 4 kubectl backup unstick "$target" -n tidb-test --dry-run=client

say "With the endpoint that was meant, the place can be looked at."
unstick=(kubectl backup unstick "$target" -n tidb-test "--storage-endpoint=$LAB_S3_SERVICE")
if [ -t 0 ] && [ -t 1 ] && [ -t 2 ]; then
	run 0 "${unstick[@]}"
else
	run 3 "${unstick[@]}"
	digest=$("${unstick[@]}" -o 'jsonpath={.digest}' 2>/dev/null || true)
	run 0 "${unstick[@]}" "--confirm=$digest"
fi

say "It is gone."
run 1 kubectl get "$target" -n tidb-test
