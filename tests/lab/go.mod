module github.com/kubectl-backup/kubectl-backup/tests/lab

go 1.26
