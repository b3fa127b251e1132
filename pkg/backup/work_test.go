package backup

import "testing"

func TestAPodMayWriteUntilItIsKnownToHaveEnded(t *testing.T) {
	tests := map[string]struct {
		pod  Pod
		want Answer
	}{
		"not started":               {Pod{Phase: "Pending", Container: "waiting"}, No},
		"running":                   {Pod{Phase: "Running", Container: "running", NodeReady: Yes}, Yes},
		"running on a silent node":  {Pod{Phase: "Running", Container: "running", NodeReady: No}, Unknown},
		"running on a node unseen":  {Pod{Phase: "Running", Container: "running"}, Unknown},
		"container ended":           {Pod{Phase: "Running", Container: "terminated", NodeReady: No}, No},
		"succeeded":                 {Pod{Phase: "Succeeded"}, No},
		"failed":                    {Pod{Phase: "Failed"}, No},
		"phase unknown to the API":  {Pod{Phase: "Unknown"}, Unknown},
		"phase unknown, was ending": {Pod{Phase: "Unknown", Container: "terminated"}, No},
	}
	for name, test := range tests {
		if got := test.pod.MayWrite(); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
