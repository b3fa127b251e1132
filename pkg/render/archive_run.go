package render

import (
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// run describes what a run left that has no files by name: markers and data.
func (p *page) run(r *backup.ArchiveRun) {
	p.section("Run in storage:")
	var f fields
	f.add("Mode", r.Mode)
	f.add("Finished", markerWord(r.Complete, p.style))
	f.add("Lock", markerWord(r.Lock, p.style))
	f.add("Checkpoints", foundWord(r.Checkpoints))
	f.add("Metadata", foundWord(r.Meta))
	f.add("Data", foundWord(r.Data))
	if r.EmptyData.Objects > 0 {
		f.addSpans("Empty data", span{number(r.EmptyData) + " of zero bytes", bad})
	}
	f.add("Stored up to", times(r.CheckpointAt, p.style))
	if len(r.Unread) > 0 {
		f.addSpans("Unread", span{oneLine(strings.Join(r.Unread, "; ")), warn})
	}
	p.fields(2, f)
}

func markerWord(o *backup.StoredObject, s Style) string {
	if o == nil {
		return "no mark of it"
	}
	return joinComma(o.Key, Bytes(o.Bytes), s.Ago(o.Modified))
}

// foundWord is a count, or that there is nothing.
func foundWord(c backup.Count) string {
	if c.Objects == 0 && !c.AtLeast {
		return none
	}
	return countWords(c)
}

// nothingThere tells whether none of the files is there.
func nothingThere(a *backup.Archive) bool {
	return a.Others.Objects == 0 && !slices.ContainsFunc(a.Files, func(f backup.ArchiveFile) bool { return f.State != backup.FileMissing })
}
