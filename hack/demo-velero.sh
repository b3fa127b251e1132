#!/usr/bin/env bash
# Walks through the life of a Velero backup in the lab: it is made, followed,
# verified, restored on trial and deleted. Each command is printed before it
# runs. On a terminal the last one asks for what is to be typed; elsewhere the
# digest of the plan confirms it.
# usage: hack/demo-velero.sh PLUGIN    (with the environment of `lab env`)
set -euo pipefail
cd "$(dirname "$0")/.."

plugin=$(cd "$(dirname "$1")" && pwd)
PATH=$plugin:$(dirname "$LAB_KUBECTL"):$PATH
export PATH KUBECONFIG=$LAB_KUBECONFIG XDG_STATE_HOME=$LAB_STATE
name=shop-$(date +%H%M%S) # a backup that an earlier run left has another one
target=backups.velero.io/$name

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

say "A namespace with a web server, whose pod has files, and a database with a volume."
run 0 kubectl apply -f hack/demo-velero.yaml
run 0 kubectl wait -n shop --for=condition=Available --timeout=2m deployment/web
run 0 kubectl wait -n shop --for=jsonpath='{.status.phase}'=Bound --timeout=2m pvc/db

say "Back it up, the data of both volumes included. What would be left out is said before."
run 0 kubectl backup create "$name" -n velero --include-namespaces shop --snapshot-move-data

say "Follow it until the data has arrived, too; of the logs only what is grave."
run 0 kubectl backup logs "$target" -n velero -f --level=warning

say "Is it in the bucket, all of it?"
run 0 kubectl backup verify "$target" -n velero

say "Does it come back? It is restored into a namespace of its own, and taken away again."
run 0 kubectl backup drill "$target" -n velero

say "The backup keeps a note of that."
run 0 kubectl backup describe "$target" -n velero

say "Delete it, by Velero's own way. What that costs is counted and shown before."
delete=(kubectl backup delete "$target" -n velero "--accept-risk=erases-data,last-restorable")
if [ -t 0 ] && [ -t 1 ] && [ -t 2 ]; then
	run 0 "${delete[@]}"
else
	run 3 "${delete[@]}"
	digest=$("${delete[@]}" -o 'jsonpath={.digest}' 2>/dev/null || true)
	run 0 "${delete[@]}" "--confirm=$digest"
fi

say "It is gone, and the demo with it."
run 1 kubectl get "$target" -n velero
run 0 kubectl delete -f hack/demo-velero.yaml --wait=false
