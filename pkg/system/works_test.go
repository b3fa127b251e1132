package system_test

import (
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

const mover = `
kinds:
- role: backup
  match: {group: example.org, resource: dumps}
  related:
  - {name: vault, group: example.org, resource: vaults, kind: Vault, object: self.spec.vault}
  - {name: key, group: example.org, resource: keys, kind: Key, object: related.vault.spec.key, namespace: '"keys"'}
  phases: [{is: Completed}]
  data: [{is: None, when: 'self.?spec.?dry.orValue(false)', because: a dry run}, {is: fromWorks}, {is: Inline}]
  locations: [{provider: s3, related: vault, bucket: related.vault.spec.bucket, prefix: related.key.spec.prefix}]
  works:
  - {role: move, group: example.org, resource: moves, kind: Move, label: example.org/dump, value: self.metadata.name, where: 'item.size > self.spec.least'}
- role: work
  match: {group: example.org, resource: moves}
  nativePhase: self.?status.?phase
  phases: [{is: Completed, when: 'self.status.phase == "Done"'}, {is: Running, when: 'self.status.phase == "Moving"'}]
  volume: self.spec.volume
`

func dump() map[string]any {
	return map[string]any{
		"metadata": map[string]any{"name": "d", "namespace": "n"},
		"spec":     map[string]any{"vault": "v", "least": float64(1)},
	}
}

func TestRelatedObjectsAreReadOneAfterTheOther(t *testing.T) {
	kind := only(t, load(t, system.Options{Files: []string{profile(t, "mine", mover)}}), served("v1", true))
	vault := backup.Ref{Group: "example.org", Resource: "vaults", Kind: "Vault", Namespace: "n", Name: "v"}
	key := backup.Ref{Group: "example.org", Resource: "keys", Kind: "Key", Namespace: "keys", Name: "k"}
	if refs := kind.References(dump()); len(refs) != 1 || refs[0] != vault {
		t.Fatalf("at first it can be told that %v is needed", refs)
	}
	if row := kind.Row(dump()); len(row.Locations) != 0 || len(row.Unreadable) != 0 {
		t.Errorf("a row that nobody read the vault for has the places %v and the gaps %v", row.Locations, row.Unreadable)
	}
	kind.Related().Put(vault, map[string]any{"spec": map[string]any{"key": "k", "bucket": "b"}}, backup.Found)
	if refs := kind.References(dump()); len(refs) != 2 || refs[1] != key {
		t.Fatalf("then %v", refs)
	}
	kind.Related().Put(key, map[string]any{"spec": map[string]any{"prefix": "p"}}, backup.Found)
	if o := kind.View(dump()); len(o.Locations) != 1 || o.Locations[0].URL() != "s3://b/p/" {
		t.Errorf("the places are %+v, the gaps %v", o.Locations, o.Unreadable)
	}
	if places := kind.Places(dump(), kind.Row(dump())); len(places) != 1 || places[0].Bucket != "b" {
		t.Errorf("beside others the places are %+v", places)
	}
	kind.Related().Put(vault, nil, backup.Absent)
	if o := kind.View(dump()); len(o.Locations) != 1 || o.Locations[0].Provider != "" || len(o.Unreadable) != 1 {
		t.Errorf("without its vault the places are %+v, the gaps %v", o.Locations, o.Unreadable)
	}
	if places := kind.Places(dump(), kind.Row(dump())); len(places) != 0 {
		t.Errorf("a vault that does not exist names the places %+v", places)
	}
}

func TestAllOfAResourceMeansThatTheMissingOnesDoNotExist(t *testing.T) {
	kind := only(t, load(t, system.Options{Files: []string{profile(t, "mine", mover)}}), served("v1", true))
	kind.Related().Complete(kind.RelatedKinds()[0], "elsewhere")
	if row := kind.Row(dump()); len(row.Locations) != 0 {
		t.Errorf("the list of another namespace names the places %+v", row.Locations)
	}
	kind.Related().Complete(kind.RelatedKinds()[0], "")
	if places := kind.Places(dump(), kind.Row(dump())); len(places) != 0 {
		t.Errorf("a vault that does not exist names the places %+v", places)
	}
	if row := kind.Row(dump()); len(row.Locations) != 1 || row.Locations[0].Provider != "" {
		t.Errorf("the row has the places %+v", row.Locations)
	}
}

func TestDataIsFoldedFromTheWorksThatMoveIt(t *testing.T) {
	registry := load(t, system.Options{Files: []string{profile(t, "mine", mover)}})
	kind := only(t, registry, served("v1", true))
	work := func(phase backup.Phase, lookup backup.Lookup) backup.Work {
		return backup.Work{Role: backup.WorkMove, Phase: phase, NativePhase: "word", Lookup: lookup, Ref: backup.Ref{Kind: "Move", Name: string(phase)}}
	}
	done, moving := work(backup.PhaseCompleted, backup.Found), work(backup.PhaseRunning, backup.Found)
	tests := map[string]struct {
		works []backup.Work
		want  backup.DataState
	}{
		"no work":                {nil, backup.DataInline},
		"a work that is gone":    {[]backup.Work{work("", backup.Absent)}, backup.DataInline},
		"a work that cleans":     {[]backup.Work{{Role: backup.WorkClean, Lookup: backup.Found, Phase: backup.PhaseRunning}}, backup.DataInline},
		"all done":               {[]backup.Work{done, done}, backup.DataMoved},
		"one moves":              {[]backup.Work{done, moving, done}, backup.DataMoving},
		"one waits":              {[]backup.Work{done, work(backup.PhasePending, backup.Found)}, backup.DataMoving},
		"a phase nobody knows":   {[]backup.Work{moving, work(backup.PhaseUnknown, backup.Found)}, backup.DataUnknown},
		"one that was not read":  {[]backup.Work{moving, work("", backup.Denied)}, backup.DataUnknown},
		"one failed, one unread": {[]backup.Work{work(backup.PhaseFailed, backup.Found), work("", backup.Failed)}, backup.DataFailed},
	}
	for name, test := range tests {
		o := backup.Object{Works: test.works}
		if kind.Fold(dump(), &o); o.Data != test.want {
			t.Errorf("%s: %s (%s), want %s", name, o.Data, o.DataWhy, test.want)
		}
	}
	if o := kind.View(dump()); o.Data != backup.DataUnknown {
		t.Errorf("before its works are read the data is %s", o.Data)
	}
	dry := dump()
	dry["spec"].(map[string]any)["dry"] = true
	if o := kind.View(dry); o.Data != backup.DataNone || o.DataWhy != "a dry run" {
		t.Errorf("a dry run has data %s (%s)", o.Data, o.DataWhy)
	}
}

func TestWorksAreSelectedByLabelAndByWhatTheyAre(t *testing.T) {
	kind := only(t, load(t, system.Options{Files: []string{profile(t, "mine", mover)}}), served("v1", true))
	queries := kind.WorkQueries(dump())
	if len(queries) != 1 || queries[0].Label != "example.org/dump" || queries[0].Value != "d" || queries[0].Work.Ref.Namespace != "n" {
		t.Fatalf("the queries are %+v", queries)
	}
	candidate := func(of string, size any) map[string]any {
		return map[string]any{"metadata": map[string]any{"labels": map[string]any{"example.org/dump": of}}, "size": size}
	}
	for _, test := range []struct {
		item map[string]any
		want backup.Answer
	}{
		{candidate("d", float64(2)), backup.Yes},
		{candidate("d", float64(1)), backup.No},
		{candidate("e", float64(2)), backup.No},
		{candidate("d", "much"), backup.Unknown},
	} {
		if got := queries[0].Matches(test.item); got != test.want {
			t.Errorf("%v matches: %s, want %s", test.item, got, test.want)
		}
	}
}
