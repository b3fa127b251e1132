#!/usr/bin/env bash
# Walks through the TiDB case in the lab: a backup whose deletion hangs is
# listed, explained and freed. Each command is printed before it runs. On a
# terminal the last one asks for the object's name; elsewhere the digest of the
# plan confirms it.
# usage: hack/demo.sh PLUGIN    (with the environment of `lab env`)
set -euo pipefail
cd "$(dirname "$0")/.."

. hack/demo-steps.sh "$1"
target=backups.pingcap.com/backup-test

say "Somebody deleted a backup. It does not go away."
run 0 kubectl backup get -n tidb-test

say "Who waits for what?"
run 2 kubectl backup diagnose "$target" -n tidb-test

say "The endpoint in the object is wrong, so nobody can see what is stored there: undecided."
run 4 kubectl backup unstick "$target" -n tidb-test --dry-run=client

say "With the endpoint that was meant, the place can be looked at."
confirm kubectl backup unstick "$target" -n tidb-test "--storage-endpoint=$LAB_S3_SERVICE"

say "It is gone."
run 1 kubectl get "$target" -n tidb-test
