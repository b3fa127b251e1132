package render

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// nativeWord is the system's own word in parentheses, where it says more than ours.
func nativeWord(o backup.Object) string {
	if o.NativePhase == "" || strings.EqualFold(o.NativePhase, string(o.Phase)) {
		return ""
	}
	return " (" + o.NativePhase + ")"
}

// phaseWord is the phase, or that deletion was asked for and how long ago. The
// word of a phase that nobody knows is always shown. An object of no backup
// system has its own word, or none.
func phaseWord(o backup.Object, s Style, native bool) span {
	word, color := string(o.Phase), phaseTone(o.Phase)
	switch {
	case o.Deleting():
		word, color = "Deleting "+s.Age(*o.Deleted), warn
	case o.Phase == "" && o.Plain():
		return say(o.NativePhase)
	case o.Phase == "":
		word = string(backup.PhaseUnknown)
	}
	if native || o.Phase == backup.PhaseUnknown {
		word += nativeWord(o)
	}
	return span{word, color}
}

// dataWord is where the data is, with the finished movers while it moves.
func dataWord(o backup.Object) span {
	word, color := string(o.Data), plain
	switch o.Data {
	case backup.DataMoving:
		color = warn
		if done, all, known := movers(o); known {
			word = fmt.Sprintf("Moving %d/%d", done, all)
		}
	case backup.DataFailed:
		color = bad
	case backup.DataUnknown:
		color = warn
	}
	return span{word, color}
}

// movers counts the works that move data; it is known only if each was looked at.
func movers(o backup.Object) (done, all int, known bool) {
	for _, w := range o.Works {
		if w.Role != backup.WorkMove {
			continue
		}
		if w.Phase == "" {
			return 0, 0, false
		}
		all++
		if w.Phase == backup.PhaseCompleted {
			done++
		}
	}
	return done, all, all > 0
}

// restorable says whether the object tells that its data can be read back: a
// finished backup whose data has arrived. It is no proof that the data is good.
func restorable(o backup.Object) backup.Answer {
	switch {
	case o.Role != backup.RoleBackup:
		return backup.Unknown
	case o.Phase == backup.PhasePending, o.Phase == backup.PhaseRunning,
		o.Phase == backup.PhaseFailed, o.Phase == backup.PhaseInvalid:
		return backup.No
	case o.Phase != backup.PhaseCompleted || o.Deleting():
		return backup.Unknown
	case o.Data == backup.DataInline, o.Data == backup.DataMoved:
		return backup.Yes
	case o.Data == backup.DataMoving, o.Data == backup.DataFailed, o.Data == backup.DataNone:
		return backup.No
	}
	return backup.Unknown
}

// progressWord is how far a run says that it is.
func progressWord(p *backup.Progress) string {
	switch {
	case p == nil:
		return ""
	case p.Unit == "bytes" && p.Total > 0:
		return Bytes(p.Done) + "/" + Bytes(p.Total)
	case p.Unit == "bytes":
		return Bytes(p.Done)
	case p.Unit == "percent":
		return fmt.Sprintf("%d%%", p.Done)
	case p.Total > 0:
		return strings.TrimSpace(fmt.Sprintf("%d/%d %s", p.Done, p.Total, p.Unit))
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", p.Done, p.Unit))
}

// sizeWord is a size in bytes, or nothing where none is recorded.
func sizeWord(n *int64) string {
	if n == nil {
		return ""
	}
	return Bytes(*n)
}

// countWords is a number of stored objects: "at least 812 objects, 41 GiB".
func countWords(c backup.Count) string {
	text := plural(c.Objects, "object") + ", " + Bytes(c.Bytes)
	if c.AtLeast {
		return "at least " + text
	}
	return text
}

// number is a count of things that have no size.
func number(c backup.Count) string {
	if c.AtLeast {
		return fmt.Sprintf("at least %d", c.Objects)
	}
	return fmt.Sprint(c.Objects)
}

// plural is a number with its noun.
func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// retentionWords is what deleting the object does to the data.
func retentionWords(r backup.Retention) span {
	var text string
	color := plain
	switch r.Policy {
	case backup.Keeps:
		text = "deleting this object keeps the data"
	case backup.Deletes:
		text, color = "deleting this object also deletes the data", warn
	case backup.Depends:
		text, color = "deleting this object may delete the data", warn
		switch r.Now {
		case backup.Keeps:
			text = "deleting this object now keeps the data; that depends on its state"
		case backup.Deletes:
			text = "deleting this object now also deletes the data; that depends on its state"
		}
	default:
		text, color = "unknown what deleting this object does to the data", warn
	}
	if r.Source != "" {
		text += " (" + r.Source + ")"
	}
	return span{text, color}
}

// effectWords is what a way out costs.
func effectWords(e backup.Effect) string {
	switch e {
	case backup.EffectWaits:
		return "nothing is changed (waits)"
	case backup.EffectReleases:
		return "the owner lets go and the data stays (releases)"
	case backup.EffectStrips:
		return "only the finalizer is removed, the data stays with nothing that points at it (strips)"
	case backup.EffectErases:
		return "the data is deleted (erases)"
	case backup.EffectDeletes:
		return "the object is deleted (deletes)"
	case backup.EffectCreates:
		return "something new is made (creates)"
	case backup.EffectChanges:
		return "what can be changed back is changed (changes)"
	case backup.EffectOverwrites:
		return "what exists is replaced by what the backup holds (overwrites)"
	}
	return string(e)
}

// deref is the time behind a pointer, or zero.
func deref(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// doneWord is a verb when it is done; empty for a way out of a blocked deletion,
// whose end is told by what became of the object.
func doneWord(way string) string {
	switch way {
	case "create":
		return "created"
	case "pause":
		return "paused"
	case "resume":
		return "resumed"
	case "trigger":
		return "triggered"
	case "cancel":
		return "asked to stop"
	case "set-default":
		return "made the default"
	}
	return ""
}
