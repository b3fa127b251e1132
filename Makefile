# One place for what a contributor types. Needs Go and make, and for the tests
# node with npm; everything else is built from Go modules into the cache, or
# installed where that is possible.
SHELL         := /bin/bash
.SHELLFLAGS   := -euo pipefail -c
.DEFAULT_GOAL := help

CACHE      := $(abspath $(or $(KUBECTL_BACKUP_CACHE),.cache))
BINARY     := bin/kubectl-backup
LAB        := $(CACHE)/bin/lab
SERIAL_LAB := LAB_NAME=serial $(LAB)
export KUBECTL_BACKUP_CACHE := $(CACHE)
# What is compiled serves every checkout, wherever it lies.
export GOFLAGS ?= -trimpath

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "%-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/kubectl-backup
	@hack/build.sh $(BINARY)

.PHONY: demo
demo: build lab-up ## explain and free a stuck TiDB backup in the lab
	@environment=$$($(LAB) env); eval "$$environment"; $(LAB) scenario tidb-stuck; hack/demo.sh $(BINARY)

.PHONY: demo-velero
demo-velero: build lab-up ## make, follow, verify, drill and delete a Velero backup in the lab
	@environment=$$($(LAB) env); eval "$$environment"; hack/demo-velero.sh $(BINARY)

.PHONY: test
test: lab-build ## run all tests, the lab included
	@$(MAKE) --no-print-directory -j3 --output-sync=target test-unit labs-up
	@$(MAKE) --no-print-directory test-e2e

.PHONY: test-unit
test-unit: ## run unit and conformance tests
	go -C tests/lab test -count=1 ./...
	go -C tests/lab/tidb test -count=1 ./...
	go -C tests/lab/velero test -count=1 ./...
	go -C tests/storage test -count=1 ./...
	go test -count=1 ./...

.PHONY: test-e2e
test-e2e: build lab-build ## run the end-to-end scripts in the lab
	@$(MAKE) --no-print-directory -j2 --output-sync=target test-scripts test-serial-scripts

# Scripts have their own namespaces and wait more than they work, so that many run side by side.
.PHONY: test-scripts
test-scripts: labs-up
	@environment=$$($(LAB) env); eval "$$environment"; set -x; go test -count=1 -vet=off -tags e2e -parallel 6 -timeout 30m -run '^TestScripts$$' ./tests/e2e/...

# Scripts that change what all share have a lab of their own.
.PHONY: test-serial-scripts
test-serial-scripts: labs-up
	@trap '$(SERIAL_LAB) down --purge' EXIT; environment=$$($(SERIAL_LAB) env); eval "$$environment"; set -x; go test -count=1 -vet=off -tags e2e -timeout 30m -run '^TestSerialScripts$$' ./tests/e2e/...

.PHONY: lint
lint: ## run golangci-lint and shellcheck
	hack/lint.sh
	hack/shellcheck.sh

.PHONY: verify
verify: ## check format, modules, lint, import rules, generated docs and the krew manifest
	hack/gofmt.sh
	go mod tidy -diff
	go -C tests/storage mod tidy -diff
	go vet ./...
	go vet -tags e2e ./tests/...
	$(MAKE) --no-print-directory lint
	go test -count=1 ./tests/arch
	go run ./hack/docs -check
	hack/krew-validate.sh krew-manifest.yaml

.PHONY: bench
bench: build lab-up ## measure time, memory and requests, as ratios
	@environment=$$($(LAB) env); eval "$$environment"; stern=$$(hack/tool.sh stern); go run -tags e2e ./tests/bench -plugin $(BINARY) -stern "$$stern/stern"

.PHONY: cover
cover: ## report statement coverage; diagnose and finalizer need 95 %
	hack/cover.sh

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME (20s)
	hack/fuzz.sh "$(or $(FUZZTIME),20s)"

.PHONY: lab
lab:
	@mkdir -p $(dir $(LAB)); CGO_ENABLED=0 go -C tests/lab build -trimpath -buildvcs=false -o $(LAB) .

.PHONY: lab-build
lab-build: lab
	@$(LAB) build

.PHONY: lab-up
lab-up: lab ## start the lab, building what is missing
	$(LAB) up

.PHONY: serial-lab-up
serial-lab-up: lab
	$(SERIAL_LAB) up

.PHONY: labs-up
labs-up: lab-up serial-lab-up

.PHONY: lab-down
lab-down: lab ## stop the lab
	$(LAB) down
	$(SERIAL_LAB) down --purge

.PHONY: dist
dist: ## build the six release archives and the krew manifest into dist/
	hack/dist.sh

.PHONY: docs
docs: ## write the generated pages of docs/
	go run ./hack/docs

.PHONY: clean
clean: lab ## stop the lab and remove what was built; the cache stays
	$(LAB) down --purge
	$(SERIAL_LAB) down --purge
	rm -rf bin dist
