package backup

// HookSource is where a hook is defined.
type HookSource string

// A hook stands in the spec of the backup or restore, or in annotations of a pod.
const (
	HookInSpec       HookSource = "spec"
	HookInAnnotation HookSource = "annotation"
)

// HookTime is when a hook runs.
type HookTime string

// Hooks of a backup run before and after the volumes of a pod are copied; those
// of a restore run after, in the pod or as its init containers.
const (
	HookPre  HookTime = "pre"
	HookPost HookTime = "post"
	HookInit HookTime = "init"
)

// Hook is one command that a backup or restore runs in pods. All its texts are untrusted.
type Hook struct {
	Source HookSource `json:"source"`
	When   HookTime   `json:"when"`
	// Name is that of the entry in the spec.
	Name string `json:"name,omitempty"`
	// Pods are those in which it is to run: "namespaces shop, pods with app=db", or one pod, "shop/db-0".
	Pods string `json:"pods,omitempty"`
	// Container is empty where the system chooses the first.
	Container string   `json:"container,omitempty"`
	Command   []string `json:"command,omitempty"`
	OnError   string   `json:"onError,omitempty"` // Continue or Fail; empty is the system's default
	Timeout   string   `json:"timeout,omitempty"` // as it is written: "30s"; empty is the system's default
	// Ran and Failed count its runs in the log; Read tells whether the log was read.
	Ran    int64  `json:"ran,omitempty"`
	Failed int64  `json:"failed,omitempty"`
	Read   Answer `json:"read"`
	Error  string `json:"error,omitempty"` // of the last run that failed
}
