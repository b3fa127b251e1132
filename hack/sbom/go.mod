// The generator of bills of materials, in a module of its own so that its dependencies stay out of the plugin's.
module github.com/kubectl-backup/kubectl-backup/hack/sbom

go 1.26.0

require github.com/spdx/tools-golang v0.5.7

require github.com/anchore/go-struct-converter v0.1.0 // indirect
