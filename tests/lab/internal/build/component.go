package build

import "context"

// component is a Go module below tests/lab and the programs that the lab takes from it.
type component struct {
	name string
	// module is the folder with the go.mod, below tests/lab.
	module   string
	programs []program
	// variables are set in the programs by the linker.
	variables map[string]string
	// revision counts the changes of variables and of what after makes, which would not show in the version otherwise.
	revision int
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
	veleroComponent     = "velero"
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
			revision: 5,
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
		{
			name:     veleroComponent,
			module:   "components/velero",
			programs: []program{{"velero", "github.com/vmware-tanzu/velero/cmd/velero"}},
			variables: map[string]string{
				"github.com/vmware-tanzu/velero/pkg/buildinfo.Version": "v1.18.3",
				// Velero has no flag for this port, which several servers on one machine would want.
				"sigs.k8s.io/controller-runtime/pkg/metrics/server.DefaultBindAddress": "0",
			},
			revision: 1,
		},
		{
			// A folder of its own, because it is Velero's folder of plugins.
			name:     "velero-plugin-for-aws",
			module:   "components/velero-plugin-for-aws",
			programs: []program{{"velero-plugin-for-aws", "github.com/vmware-tanzu/velero-plugin-for-aws/velero-plugin-for-aws"}},
		},
		{
			name:     "lab-velero",
			module:   "velero",
			programs: []program{{"lab-velero", "."}},
			sources:  true,
		},
	}
}
