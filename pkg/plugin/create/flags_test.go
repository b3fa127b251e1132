package create

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
)

func TestOneNameIsTaken(t *testing.T) {
	for _, tc := range []struct {
		flags flags
		args  []string
		want  string // the name, or a part of the error
		fails bool
	}{
		{flags{}, []string{"nightly"}, "nightly", false},
		{flags{}, nil, "name what is to be made", true},
		{flags{}, []string{"schedules"}, "is a noun", true},
		{flags{}, []string{"a", "b"}, `"b" is one too many`, true},
		{flags{file: "x.yaml"}, nil, "", false},
		{flags{fromSchedule: "s"}, nil, "", false},
		{flags{like: "old"}, nil, "name what is to be made", true},
	} {
		name, err := tc.flags.nameOf(tc.args)
		switch {
		case tc.fails && (err == nil || !strings.Contains(err.Error(), tc.want)):
			t.Errorf("%v: %v, want an error with %q", tc.args, err, tc.want)
		case !tc.fails && (err != nil || name != tc.want):
			t.Errorf("%v: %q, %v, want %q", tc.args, name, err, tc.want)
		}
	}
}

func TestAManifestHasOneBeginning(t *testing.T) {
	for _, one := range []flags{{}, {like: "a"}, {file: "a"}, {fromSchedule: "a"}} {
		if err := one.checkSources(); err != nil {
			t.Errorf("%+v: %v", one, err)
		}
	}
	both := flags{like: "a", fromSchedule: "b"}
	if err := both.checkSources(); err == nil || err.Error() != "--like and --from-schedule do not go together" {
		t.Errorf("both: %v", err)
	}
}

func TestFlagsThatRepeatCollect(t *testing.T) {
	list, text := values{kind: compose.List}, values{kind: compose.Text}
	for _, typed := range []string{"a,b", "c"} {
		for _, v := range []*values{&list, &text} {
			if err := v.Set(typed); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !slices.Equal(list.typed, []string{"a", "b", "c"}) || !slices.Equal(text.typed, []string{"c"}) {
		t.Errorf("list %q, text %q", list.typed, text.typed)
	}
	f := flags{values: map[string]*values{"b": &list, "a": &text, "c": {}}}
	if got := f.given(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("given are %q", got)
	}
}
