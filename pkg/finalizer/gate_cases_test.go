package finalizer

import (
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func columnHas(condition string, effect backup.Effect) bool {
	return contains(strings.Fields(columns[condition]), string(effect))
}

// same is one answer for every effect in whose column the condition counts.
func same(condition, name string, answer cell, set func(*backup.Evidence, *Request)) gateCase {
	c := gateCase{condition: condition, name: name, set: set}
	for effect, into := range map[backup.Effect]*cell{
		backup.EffectReleases: &c.releases, backup.EffectStrips: &c.strips, backup.EffectErases: &c.erases,
	} {
		if columnHas(condition, effect) {
			*into = answer
		}
	}
	return c
}

// differs has answers of its own for strips and erases, and none for releases.
func differs(condition, name string, strips, erases cell, set func(*backup.Evidence, *Request)) gateCase {
	return gateCase{condition: condition, name: name, strips: strips, erases: erases, set: set}
}

func gateCases() []gateCase {
	var all []gateCase
	for condition := range columns {
		all = append(all, same(condition, "holds", isPass, func(*backup.Evidence, *Request) {}))
	}
	all = append(all, objectCases()...)
	all = append(all, writerCases()...)
	all = append(all, storageCases()...)
	all = append(all, samePlaceCases()...)
	return append(all, sharedCases()...)
}

func objectCases() []gateCase {
	finalizer := func(change func(*backup.Finalizer)) func(*backup.Evidence, *Request) {
		return func(ev *backup.Evidence, _ *Request) { change(&ev.Object.Finalizers[0]) }
	}
	ways := func(change func(*backup.Way)) func(*backup.Evidence, *Request) {
		return finalizer(func(f *backup.Finalizer) {
			for i := range f.Ways {
				change(&f.Ways[i])
			}
		})
	}
	kind := func(group, resource string) func(*backup.Evidence, *Request) {
		return func(ev *backup.Evidence, _ *Request) { ev.Object.Ref.Group, ev.Object.Ref.Resource = group, resource }
	}
	depends := func(d ...backup.Dependent) func(*backup.Evidence, *Request) {
		return func(ev *backup.Evidence, _ *Request) { ev.Dependents = d }
	}
	blocking := func(state backup.Lookup, found ...backup.Blocker) func(*backup.Evidence, *Request) {
		return func(ev *backup.Evidence, _ *Request) {
			ev.Blocking = []backup.Blocking{{Finalizer: protection, Lookup: state, Blockers: found, Unreadable: []string{"pods: forbidden"}}}
		}
	}
	hardDependents := func(name string, answer cell, set func(*backup.Evidence, *Request)) gateCase {
		return gateCase{condition: CondNoDependents, name: name, set: set, releases: answer, strips: answer, erases: isShown}
	}
	claim := backup.Ref{Version: "v1", Resource: "persistentvolumeclaims", Kind: "PersistentVolumeClaim", Name: "data"}
	return []gateCase{
		same(CondDeletionAsked, "not deleted", isRefused, func(ev *backup.Evidence, _ *Request) { ev.Object.Deleted = nil }),
		{condition: CondWaySupported, name: "built in", releases: isPass, strips: isRefused, erases: isRefused,
			set: finalizer(func(f *backup.Finalizer) { f.Builtin = true })},
		{condition: CondWaySupported, name: "what it waits for is there", releases: isPass, strips: isRefused, erases: isPass,
			set: blocking(backup.Found, backup.Blocker{Because: "it is used"})},
		{condition: CondWaySupported, name: "what it waits for not seen", releases: isPass, strips: isUnknown, erases: isPass, set: blocking(backup.Denied)},
		{condition: CondWaySupported, name: "what it waits for is gone", releases: isPass, strips: isPass, erases: isPass, set: blocking(backup.Found)},
		{condition: CondWaySupported, name: "nobody looked for it", releases: isPass, strips: isUnknown, erases: isPass,
			set: finalizer(func(f *backup.Finalizer) { f.Blockers = []backup.BlockerRule{{Resource: "pods"}} })},
		same(CondWaySupported, "of no profile", isRefused, finalizer(func(f *backup.Finalizer) { f.Profile = "" })),
		same(CondWaySupported, "not trusted", isRefused, finalizer(func(f *backup.Finalizer) { f.Trusted = false })),
		same(CondWaySupported, "way not known", isRefused, finalizer(func(f *backup.Finalizer) { f.Ways = nil })),
		same(CondWaySupported, "not on the object", isRefused, func(_ *backup.Evidence, r *Request) { r.Finalizer = foreign }),
		same(CondWaySupported, "not for this mode", isRefused, ways(func(w *backup.Way) { w.Applies = backup.No })),
		same(CondWaySupported, "mode not known", isUnknown, ways(func(w *backup.Way) { w.Applies = backup.Unknown })),
		same(CondWaySupported, "a namespace", isRefused, kind("", "namespaces")),
		same(CondWaySupported, "a definition", isRefused, kind("apiextensions.k8s.io", "customresourcedefinitions")),
		same(CondWaySupported, "an attachment", isRefused, kind("storage.k8s.io", "volumeattachments")),
		{condition: CondWaySupported, name: "uid not known", releases: isUnknown, strips: isUnknown, erases: isPass,
			set: func(ev *backup.Evidence, _ *Request) { ev.Object.Ref.UID = "" }},
		{condition: CondWaySupported, name: "no step known", releases: isRefused, strips: isPass, erases: isRefused,
			set: ways(func(w *backup.Way) { w.Set, w.DeleteJob = nil, "" })},
		{condition: CondWaySupported, name: "sets finalizers", releases: isRefused, strips: isPass, erases: isRefused,
			set: ways(func(w *backup.Way) { w.Set = []backup.FieldValue{{Path: "/metadata/finalizers", Value: nil}} })},
		{condition: CondWaySupported, name: "sets a field to erase", releases: isPass, strips: isPass, erases: isPass,
			set: ways(func(w *backup.Way) {
				w.DeleteJob, w.Set = "", []backup.FieldValue{{Path: "/metadata/labels/delete", Value: "yes"}}
			})},
		{condition: CondWaySupported, name: "no job to delete", releases: isPass, strips: isPass, erases: isRefused,
			set: func(ev *backup.Evidence, _ *Request) { ev.Object.Works[1].Lookup = backup.Absent }},
		{condition: CondWaySupported, name: "job not read", releases: isPass, strips: isPass, erases: isUnknown,
			set: func(ev *backup.Evidence, _ *Request) { ev.Object.Works[1].ResourceVersion = "" }},
		{condition: CondWaySupported, name: "no such work", releases: isPass, strips: isPass, erases: isRefused,
			set: ways(func(w *backup.Way) {
				if w.DeleteJob != "" {
					w.DeleteJob = backup.WorkStop
				}
			})},

		hardDependents("a claim", isRefused, depends(backup.Dependent{Ref: claim, Finished: backup.Yes})),
		hardDependents("a job that runs", isRefused, depends(backup.Dependent{Ref: jobRef("x"), Finished: backup.No})),
		hardDependents("a pod of unknown state", isUnknown, depends(backup.Dependent{Ref: podRef("x")})),
		hardDependents("list denied", isUnknown, func(ev *backup.Evidence, _ *Request) { ev.DependentsLookup = backup.Denied }),
		same(CondNoDependents, "ended job and pod", isPass, depends(
			backup.Dependent{Ref: jobRef("x"), Finished: backup.Yes}, backup.Dependent{Ref: podRef("x"), Finished: backup.Yes})),
		same(CondNoDependents, "clean-up that waits", isPass, depends(
			backup.Dependent{Ref: jobRef("clean-demo"), Finished: backup.No}, backup.Dependent{Ref: podRef("clean-demo-1"), Finished: backup.No})),

		same(CondGitOps, "kept in a repository", isShown, func(ev *backup.Evidence, _ *Request) { ev.Object.GitOps = []string{"Argo CD"} }),
		same(CondDryRun, "not run", isUnknown, func(_ *backup.Evidence, r *Request) { r.DryRun = nil }),
		same(CondDryRun, "plan only", isShown, func(_ *backup.Evidence, r *Request) { r.DryRun, r.PlanOnly = nil, true }),
		same(CondDryRun, "no answer", isUnknown, func(_ *backup.Evidence, r *Request) { r.DryRun[0] = DryRun{Why: "timeout"} }),
		same(CondDryRun, "refused", isRefused, func(_ *backup.Evidence, r *Request) { r.DryRun[0] = DryRun{Passed: backup.No, Why: "denied"} }),
	}
}

func writerCases() []gateCase {
	work := func(i int, change func(*backup.Work)) func(*backup.Evidence, *Request) {
		return func(ev *backup.Evidence, _ *Request) { change(&ev.Object.Works[i]) }
	}
	container := func(i int, ready backup.Answer, state string) func(*backup.Evidence, *Request) {
		return work(i, func(w *backup.Work) {
			w.Pods = []backup.Pod{{Ref: podRef("p"), Phase: "Running", Container: state, NodeReady: ready}}
		})
	}
	agent := func(node string, ready backup.Answer) func(*backup.Evidence, *Request) {
		return work(0, func(w *backup.Work) {
			w.NativePhase, w.Phase, w.Pods, w.Node, w.NodeReady = "InProgress", backup.PhaseRunning, nil, node, ready
		})
	}
	return []gateCase{
		same(CondNoWriter, "an agent runs it", isRefused, agent("n1", backup.Yes)),
		same(CondNoWriter, "an agent runs it nobody knows where", isRefused, agent("", backup.Unknown)),
		same(CondNoWriter, "an agent on a lost node ran it", isUnknown, agent("n1", backup.No)),
		same(CondNoWriter, "run runs", isRefused, container(0, backup.Yes, "running")),
		same(CondNoWriter, "run on an unreachable node", isUnknown, container(0, backup.No, "running")),
		same(CondNoWriter, "run on an unknown node", isUnknown, container(0, backup.Unknown, "running")),
		same(CondNoWriter, "run waits", isPass, work(0, func(w *backup.Work) {
			w.Pods = []backup.Pod{{Ref: podRef("p"), Phase: "Pending", Container: "waiting", NodeReady: backup.Yes}}
		})),
		same(CondNoWriter, "run ended", isPass, container(0, backup.No, "terminated")),
		same(CondNoWriter, "stop runs", isRefused, work(0, func(w *backup.Work) {
			w.Role, w.Pods = backup.WorkStop, []backup.Pod{{Ref: podRef("p"), Phase: "Running", Container: "running", NodeReady: backup.Yes}}
		})),
		same(CondNoWriter, "work not read", isUnknown, work(0, func(w *backup.Work) { w.Lookup, w.Error = backup.Denied, "forbidden" })),
		same(CondNoWriter, "pods not listed", isUnknown, work(0, func(w *backup.Work) { w.PodsLookup = backup.Denied })),
		same(CondNoWriter, "active without a pod", isUnknown, work(0, func(w *backup.Work) { w.Active, w.Pods = 1, nil })),
		same(CondNoWriter, "job gone", isPass, work(0, func(w *backup.Work) { w.Lookup, w.Pods = backup.Absent, nil })),
		same(CondNoWriter, "works not readable", isUnknown, func(ev *backup.Evidence, _ *Request) { ev.Object.Unreadable = []string{"works[1].name: no such key"} }),
		same(CondNoWriter, "fresh lock", isRefused, func(ev *backup.Evidence, _ *Request) { ev.Storage[0].FreshLock = "backup.lock" }),
		same(CondNoWriter, "clean-up runs", isShown, container(1, backup.Yes, "running")),
		same(CondNoWriter, "clean-up on a lost node", isShown, container(1, backup.No, "running")),
		same(CondNoWriter, "clean-up cannot start", isPass, work(1, func(w *backup.Work) {
			w.Active, w.Pods = 1, []backup.Pod{{Ref: podRef("p"), Phase: "Pending", Reason: "ImagePullBackOff"}}
		})),
	}
}

func storageCases() []gateCase {
	class := func(c backup.VerdictClass) func(*backup.Evidence, *Request) {
		return func(ev *backup.Evidence, _ *Request) { ev.Storage[0].Class = c }
	}
	count := func(c backup.VerdictClass, contents backup.Contents) func(*backup.Evidence, *Request) {
		return func(ev *backup.Evidence, r *Request) {
			ev.Storage[0].Class = c
			r.Contents = []backup.Contents{contents}
		}
	}
	all := backup.Contents{Complete: true, Total: backup.Count{Objects: 812, Bytes: 44 << 30}}
	part := backup.Contents{Total: backup.Count{Objects: 9, AtLeast: true}, Error: "timeout"}
	notKnown := func(name string, set func(*backup.Evidence, *Request)) gateCase {
		return same(CondDataAccounted, name, isRisk(backup.RiskStorageUnknown), set)
	}
	override := func(w backup.Answer) func(*backup.Evidence, *Request) {
		return func(ev *backup.Evidence, _ *Request) {
			ev.Object.Written = backup.Written{Answer: w, Source: "condition Failed"}
			ev.Storage[0].Location.Endpoint, ev.Storage[0].Location.Region = "http://other:9000", "elsewhere"
			ev.Storage[0].Location.Overridden = []string{"endpoint", "region"}
		}
	}
	cases := []gateCase{
		notKnown("unknown", class(backup.VerdictUnknown)),
		notKnown("nobody looked", func(ev *backup.Evidence, _ *Request) { ev.Storage = nil }),
		notKnown("no location", func(ev *backup.Evidence, _ *Request) { ev.Object.Locations = nil }),
		notKnown("another place was looked at", func(ev *backup.Evidence, _ *Request) { ev.Storage[0].Location.Prefix = "demo2" }),
		notKnown("another endpoint was asked", func(ev *backup.Evidence, _ *Request) { ev.Storage[0].Location.Endpoint = "http://b" }),
		notKnown("empty against the record", func(ev *backup.Evidence, _ *Request) { ev.Object.Written.Answer = backup.Yes }),
		same(CondDataAccounted, "missing bucket is an answer", isPass, class(backup.VerdictBucketMissing)),
		same(CondPlaceClear, "residue", isPass, class(backup.VerdictResidue)),
		differs(CondPlaceClear, "hidden", isRisk(backup.RiskHiddenVersions), typed(backup.RiskErasesData), class(backup.VerdictHidden)),
		differs(CondPlaceClear, "bucket missing", isRisk(backup.RiskBucketMissing), typed(backup.RiskErasesData), class(backup.VerdictBucketMissing)),
		differs(CondPlaceClear, "unknown", isShown, typed(backup.RiskErasesData), class(backup.VerdictUnknown)),
		{condition: CondOwnAccess, name: "overridden", strips: isRisk(backup.RiskLocationOverridden), set: override(backup.Unknown)},
		{condition: CondOwnAccess, name: "overridden, nothing written", strips: isShown, set: override(backup.No)},
	}
	for _, c := range []backup.VerdictClass{backup.VerdictPartial, backup.VerdictComplete, backup.VerdictData} {
		cases = append(cases,
			differs(CondPlaceClear, string(c)+" not counted", typed(backup.RiskDataPresent), isUnknown, class(c)),
			differs(CondPlaceClear, string(c)+" counted", typed(backup.RiskDataPresent), typed(backup.RiskErasesData), count(c, all)),
			differs(CondPlaceClear, string(c)+" counted in part", typed(backup.RiskDataPresent), typed(backup.RiskErasesData), count(c, part)),
			differs(CondPlaceClear, string(c)+" count failed", typed(backup.RiskDataPresent), isUnknown, count(c, backup.Contents{Error: "denied"})))
	}
	move := func(l backup.Lookup) func(*backup.Evidence, *Request) {
		return func(ev *backup.Evidence, _ *Request) {
			ev.Object.Works[0] = backup.Work{Role: backup.WorkMove, Ref: jobRef("upload"), Lookup: l}
		}
	}
	return append(cases, same(CondDataAccounted, "move is gone", isPass, move(backup.Absent)),
		same(CondPlaceClear, "a move does not matter here", isPass, move(backup.Found)),
		same(CondDataAccounted, "a restore moved it into volumes", isPass, func(ev *backup.Evidence, req *Request) {
			move(backup.Found)(ev, req)
			ev.Object.Role = backup.RoleRestore
		}))
}

// samePlaceCases are about an Empty place first, where nothing can be erased,
// then about one with Residue.
func samePlaceCases() []gateCase {
	location := func(change func(*backup.Location)) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			change(&ev.Object.Locations[0])
			change(&ev.Storage[0].Location)
		}
	}
	changes := map[string]func(*backup.Evidence){
		"recorded path differs": location(func(l *backup.Location) { l.Recorded = "s3://bucket/demo2" }),
		"edited since":          location(func(l *backup.Location) { l.EditedAt = ago(time.Hour) }),
		"edited by somebody":    location(func(l *backup.Location) { l.EditedAt, l.EditedBy = ago(time.Hour), "" }),
		"other endpoint ran":    func(ev *backup.Evidence) { ev.Object.Works[0].Env["S3_ENDPOINT"] = "http://dead:9999" },
		"other region ran":      func(ev *backup.Evidence) { ev.Object.Works[0].Env["AWS_REGION"] = "eu-west-1" },
	}
	unknowns := map[string]func(*backup.Evidence){
		"nothing known": func(ev *backup.Evidence) {
			location(func(l *backup.Location) { l.Recorded, l.EditedAt = "", nil })(ev)
			ev.Object.Works[0].Env = nil
		},
		"no start known": func(ev *backup.Evidence) {
			location(func(l *backup.Location) { l.Recorded, l.EnvNames = "", nil })(ev)
			ev.Object.Started, ev.Object.Conditions, ev.Object.Works[0].Created = nil, nil, time.Time{}
		},
	}
	var cases []gateCase
	for name, change := range changes {
		cases = append(cases, placeCases(CondSamePlace, name, isRisk(backup.RiskLocationChanged), isRefused, change)...)
	}
	for name, change := range unknowns {
		cases = append(cases, placeCases(CondSamePlace, name, isRisk(backup.RiskLocationChanged), isUnknown, change)...)
	}
	for name, change := range map[string]func(*backup.Evidence){
		"edit alone says so": func(ev *backup.Evidence) { ev.Object.Locations[0].Recorded, ev.Object.Works[0].Env = "", nil },
		"run alone says so":  func(ev *backup.Evidence) { ev.Object.Locations[0].Recorded, ev.Object.Locations[0].EditedAt = "", nil },
		"clean-up's old env": func(ev *backup.Evidence) {
			ev.Object.Works[1].Env = map[string]string{"S3_ENDPOINT": "http://dead:9999"}
		},
		"edited as it started": func(ev *backup.Evidence) { ev.Object.Locations[0].EditedAt = ago(9 * time.Hour) },
	} {
		cases = append(cases, placeCases(CondSamePlace, name, isPass, isPass, change)...)
	}
	return append(cases, differs(CondSamePlace, "no location", isRisk(backup.RiskLocationChanged), isUnknown,
		func(ev *backup.Evidence, _ *Request) { ev.Object.Locations = nil }))
}

// placeCases makes a case over an Empty place, where what would stop a way that
// erases is shown, and one over a place with Residue.
func placeCases(condition, name string, strips, erases cell, change func(*backup.Evidence)) []gateCase {
	overEmpty := erases
	if erases != isPass {
		overEmpty = isShown
	}
	return []gateCase{
		differs(condition, name+" over Empty", strips, overEmpty, func(ev *backup.Evidence, _ *Request) { change(ev) }),
		differs(condition, name+" over Residue", strips, erases, func(ev *backup.Evidence, _ *Request) {
			change(ev)
			ev.Storage[0].Class = backup.VerdictResidue
		}),
	}
}

func sharedCases() []gateCase {
	neighbour := func(ev *backup.Evidence) {
		ev.Neighbours = []backup.Neighbour{{Ref: otherRef("other"), Location: place0(), Same: true}}
	}
	newest := func(t *time.Time) func(*backup.Evidence) {
		return func(ev *backup.Evidence) { ev.Storage[0].Newest = t }
	}
	var cases []gateCase
	for name, c := range map[string]struct {
		erases cell
		change func(*backup.Evidence)
	}{
		"a neighbour":     {isRefused, neighbour},
		"list denied":     {isUnknown, func(ev *backup.Evidence) { ev.NeighboursLookup = backup.Denied }},
		"younger objects": {isRefused, newest(ago(time.Hour))},
		"end of run hidden": {isUnknown, func(ev *backup.Evidence) {
			newest(ago(time.Hour))(ev)
			ev.Object.Finished, ev.Object.Works[0].Pods = nil, nil
		}},
		"whole bucket": {isRefused, func(ev *backup.Evidence) {
			ev.Object.Locations[0].Prefix, ev.Storage[0].Location.Prefix = "", ""
		}},
	} {
		cases = append(cases, placeCases(CondPlaceExclusive, name, isShown, c.erases, c.change)...)
	}
	cases = append(cases, placeCases(CondPlaceExclusive, "older objects", isPass, isPass, newest(ago(8*time.Hour+time.Minute)))...)
	return append(cases, differs(CondPlaceExclusive, "no location", isShown, isUnknown,
		func(ev *backup.Evidence, _ *Request) { ev.Object.Locations = nil }))
}
