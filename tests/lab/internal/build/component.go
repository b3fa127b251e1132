package build

import "context"

// component is a Go module below tests/lab and the programs that the lab takes from it.
type component struct {
	name string
	// module is the folder with the go.mod, below tests/lab.
	module   string
	programs []program
	// sources says that the programs are built from the module's own files, which then belong to its version.
	sources bool
	// after prepares further files in the folder of the built programs.
	after func(ctx context.Context, b *builder, built component, folder string) error
}

// program is one main package. Its binary is named explicitly, because a package path may end in a version.
type program struct {
	binary string
	source string
}

const (
	kubernetesComponent = "kubernetes"
	tidbComponent       = "tidb"
)

func components() []component {
	return []component{
		{
			name:     "etcd",
			module:   "components/etcd",
			programs: []program{{"etcd", "go.etcd.io/etcd/server/v3"}},
		},
		{
			name:   kubernetesComponent,
			module: "components/kubernetes",
			programs: []program{
				{"kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver"},
				{"kube-controller-manager", "k8s.io/kubernetes/cmd/kube-controller-manager"},
				{"kube-scheduler", "k8s.io/kubernetes/cmd/kube-scheduler"},
				{"kubectl", "k8s.io/kubernetes/cmd/kubectl"},
			},
		},
		{
			name:     "kwok",
			module:   "components/kwok",
			programs: []program{{"kwok", "sigs.k8s.io/kwok/cmd/kwok"}},
			after:    kwokFiles,
		},
		{
			name:     "versitygw",
			module:   "components/versitygw",
			programs: []program{{"versitygw", "github.com/versity/versitygw/cmd/versitygw"}},
		},
		{
			name:     "controller-gen",
			module:   "components/controller-gen",
			programs: []program{{"controller-gen", "sigs.k8s.io/controller-tools/cmd/controller-gen"}},
		},
		{
			name:     tidbComponent,
			module:   "tidb",
			programs: []program{{"lab-tidb", "."}},
			sources:  true,
			after:    tidbDefinitions,
		},
	}
}
