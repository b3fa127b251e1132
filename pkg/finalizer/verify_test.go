package finalizer

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// A status of 200 is no proof: here the server takes the patch, and its answer
// to the next question says what is.
func TestWhatTheServerTookIsLookedAt(t *testing.T) {
	for name, c := range map[string]struct {
		then  func(b *bench)
		ended string
		holds []string
	}{
		"nothing happened": {func(b *bench) { b.api.put(otherRef("demo"), []any{protection}, "", true) }, stateWaiting, []string{protection}},
		"recreated": {func(b *bench) {
			again := otherRef("demo")
			again.UID = "uid-again"
			b.api.put(again, []any{protection}, "", false)
		}, endedReplaced, nil},
		"held by another": {func(b *bench) { b.api.put(otherRef("demo"), []any{foreign}, "", true) }, endedReleased, []string{foreign}},
		"held by nothing": {func(b *bench) { b.api.put(otherRef("demo"), nil, "", true) }, endedReleased, nil},
		"not to be seen":  {func(b *bench) { b.api.reading = func(backup.Ref) error { return errNetwork } }, stateWaiting, nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			plan, req := b.show(t, backup.WayStrip)
			b.onStore(true, func() error { c.then(b); return nil })
			result, err := b.Run(t.Context(), plan, req)
			must(t, err)
			if result.Ended != c.ended || !slices.Equal(result.Holds, c.holds) {
				t.Errorf("ended %s, held by %v", result.Ended, result.Holds)
			}
		})
	}
}

func TestLookUntilGone(t *testing.T) {
	b := newBench(t)
	b.api.put(jobRef("x"), nil, "", true)
	if seen := b.look(t.Context(), jobRef("x"), UntilGone); seen.ended != "" || !strings.Contains(seen.text, "held by nothing") {
		t.Errorf("got %+v", seen)
	}
}

func TestDependentThatStays(t *testing.T) {
	b := newBench(t)
	plan, req := b.show(t, backup.WayStrip)
	b.onStore(true, func() error { b.api.put(jobRef("clean-demo"), nil, "", false); return nil })
	result, err := b.Run(t.Context(), plan, req)
	must(t, err)
	if !slices.Contains(result.Left, "Job tidb-test/clean-demo") || !slices.Equal(result.Went, []string{"Job tidb-test/backup-demo"}) {
		t.Errorf("went %v, left %v", result.Went, result.Left)
	}
}

func TestLeftInStorage(t *testing.T) {
	verdict := func(c backup.VerdictClass) backup.StorageVerdict {
		v := look(c, place0())
		v.Current = backup.Count{Objects: 3, Bytes: 9, AtLeast: true}
		return v
	}
	all := []backup.StorageVerdict{
		verdict(backup.VerdictEmpty), verdict(backup.VerdictPartial), verdict(backup.VerdictUnknown), {Class: backup.VerdictUnknown},
	}
	for name, c := range map[string]struct {
		plan backup.Plan
		want []string
	}{
		"strip": {backup.Plan{Effect: backup.EffectStrips, Storage: all, Orphans: "the objects"}, []string{
			"s3://bucket/demo/: Partial, at least 3 objects, 9 bytes", "s3://bucket/demo/: what is there is not known",
			"a place that the object does not name: what is there is not known", "the objects"}},
		"release": {backup.Plan{Effect: backup.EffectReleases, Storage: all[1:2]}, []string{"s3://bucket/demo/: Partial, at least 3 objects, 9 bytes"}},
		"empty":   {backup.Plan{Effect: backup.EffectStrips, Storage: all[:1], Orphans: "the objects"}, nil},
		"no bucket": {backup.Plan{Effect: backup.EffectStrips, Storage: []backup.StorageVerdict{verdict(backup.VerdictBucketMissing)}},
			[]string{"s3://bucket/demo/: the bucket was not found; whatever it held is elsewhere or gone"}},
		"owner's own": {backup.Plan{Effect: backup.EffectErases, Storage: all}, nil},
	} {
		if got := leftInStorage(c.plan); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestFinalizersOf(t *testing.T) {
	if got := finalizersOf(map[string]any{"finalizers": []any{protection, 7}}); !slices.Equal(got, []string{protection}) {
		t.Errorf("got %v", got)
	}
}

func TestObserverMayBeMissing(t *testing.T) {
	b := newBench(t)
	b.Observe = nil
	if result, err := b.run(t, backup.WayStrip); err != nil || result.Ended != endedGone {
		t.Errorf("%s, %v", result.Ended, err)
	}
}
