#!/usr/bin/env bash
# Walks through the life of a Velero backup in the lab: it is made, followed,
# verified, restored on trial and deleted. Each command is printed before it
# runs. On a terminal the last one asks for what is to be typed; elsewhere the
# digest of the plan confirms it.
# usage: hack/demo-velero.sh PLUGIN    (with the environment of `lab env`)
set -euo pipefail
cd "$(dirname "$0")/.."

. hack/demo-steps.sh "$1"
name=shop-$(date +%H%M%S) # a backup that an earlier run left has another one
target=backups.velero.io/$name

say "A namespace with a web server, whose pod has files, and a database with a volume."
run 0 kubectl apply -f hack/demo-velero.yaml
run 0 kubectl wait -n shop --for=condition=Available --timeout=2m deployment/web
run 0 kubectl wait -n shop --for=jsonpath='{.status.phase}'=Bound --timeout=2m pvc/db

say "Back it up, the data of both volumes included. What would be left out is said before."
# The kinds are named because Velero fails on one whose definition went in the last minutes, as tests of this lab leave it.
run 0 kubectl backup create "$name" -n velero --include-namespaces shop --snapshot-move-data \
	--include-resources deployments.apps,replicasets.apps,pods,services,persistentvolumeclaims,persistentvolumes,configmaps,secrets,serviceaccounts

say "Follow it until the data has arrived, too; of the logs only what is grave."
run 0 kubectl backup logs "$target" -n velero -f --level=warning

say "Is it in the bucket, all of it?"
run 0 kubectl backup verify "$target" -n velero

say "Does it come back? It is restored into a namespace of its own, and taken away again."
run 0 kubectl backup drill "$target" -n velero

say "The backup keeps a note of that."
run 0 kubectl backup describe "$target" -n velero

say "Delete it, by Velero's own way. What that costs is counted and shown before."
confirm kubectl backup delete "$target" -n velero "--accept-risk=erases-data,last-restorable"

say "It is gone, and the demo with it."
run 1 kubectl get "$target" -n velero
run 0 kubectl delete -f hack/demo-velero.yaml --wait=false
