package pause

import (
	"strings"
	"testing"
)

func TestWhichSchedulesAreMeant(t *testing.T) {
	for _, tc := range []struct {
		flags flags
		args  []string
		want  string // a part of the error; empty is none
	}{
		{flags{}, []string{"a", "schedule/b", "schedules.velero.io/c"}, ""},
		{flags{}, []string{"schedule", "a"}, ""},
		{flags{all: true, wide: true}, nil, ""},
		{flags{all: true, selector: "a=b"}, nil, ""},
		{flags{selector: "a=b", wide: true}, nil, ""},
		{flags{entry: "x"}, nil, ""},
		{flags{}, nil, "name the schedules"},
		{flags{}, []string{"backup/a"}, "backup/a is no schedule"},
		{flags{}, []string{"a,b"}, "separate names by spaces"},
		{flags{wide: true}, []string{"a"}, "-A goes with"},
		{flags{all: true}, []string{"a"}, "names and --all do not go together"},
		{flags{all: true, entry: "x"}, nil, "--all and --journal do not go together"},
	} {
		o := &options{flags: &tc.flags}
		err := o.readTargets(tc.args)
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%+v %v: %v, want %q", tc.flags, tc.args, err, tc.want)
		}
		if err == nil && len(tc.args) > 0 && len(o.targets) == 0 {
			t.Errorf("%v names nothing", tc.args)
		}
	}
}

func TestAPathIsAPointer(t *testing.T) {
	if got := pointer("spec.paused"); got != "/spec/paused" {
		t.Errorf("got %s", got)
	}
}
