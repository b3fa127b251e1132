package render

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// archive describes what the storage holds of a backup or restore: first what
// went wrong, then the volumes, and last the objects.
func (p *page) archive(e backup.Evidence, detail Detail) {
	a := e.Archive
	switch {
	case a == nil:
		return
	case a.Run != nil:
		p.run(a.Run)
		return
	case !a.Seen():
		p.section("In storage:")
		p.item(2, mark(backup.StatusUnknown, ""), say(joinWith(": ", "not known", oneLine(a.Error))))
		if a.ServerError != "" {
			p.item(2, mark(backup.StatusUnknown, ""), say("no files through the server: "+oneLine(a.ServerError)))
		}
		if e.ServerCanBeAsked() {
			p.next(4, describeCommand(e.Object.Ref)+" --via-server")
		}
		return
	case nothingThere(a):
		p.section("In storage:")
		p.item(2, absentMark(e.Object), say(absentWords(e.Object)))
		p.hooks(a, detail)
		return
	}
	if a.ThroughServer() {
		p.section("In storage:")
		p.item(2, mark(backup.StatusUnknown, ""), say(joinWith(": ", "only what Velero's server gives is known, since the bucket could not be listed", oneLine(a.Error))))
	}
	p.messages(a, detail)
	p.volumes(a, detail)
	p.hooks(a, detail)
	p.operations(a.Operations, detail)
	p.resources(a, detail)
	p.files(a, detail)
}

// describeCommand looks at one object in detail.
func describeCommand(ref backup.Ref) string {
	command := "kubectl backup describe " + ShellQuote(ref.String())
	if ref.Namespace != "" {
		command += " -n " + ShellQuote(ref.Namespace)
	}
	return command + " --details"
}

// absentMark makes no problem of what is yet to come.
func absentMark(o backup.Object) span {
	if o.Phase.Terminal() {
		return mark(backup.StatusProblem, "")
	}
	return mark(backup.StatusSkipped, "")
}

func absentWords(o backup.Object) string {
	if o.Phase.Terminal() {
		return "none of its files is there"
	}
	return "none of its files is there yet: they come when the run has gone through all objects"
}

// files lists the files of the archive; those that are no good come with the reason.
func (p *page) files(a *backup.Archive, detail Detail) {
	p.section("Files in " + a.Place + ":")
	t := NewTable("FILE", "SIZE", "STATE", "NAME")
	for _, file := range a.Files {
		if !file.State.Seen() && file.Need == backup.NeedOptional && detail != Whole {
			continue
		}
		t.add(say(string(file.Role)), say(fileSize(file)), fileState(file), say(file.Key[strings.LastIndexByte(file.Key, '/')+1:]))
	}
	if a.Others.Objects > 0 {
		t.Add("others", Bytes(a.Others.Bytes), countWords(a.Others))
	}
	p.table(2, t)
	for _, r := range a.Repositories {
		p.item(2, mark(repositoryStatus(r), ""), say("repository "+r.Type+" of namespace "+r.Namespace+", which its backups share: "+repositoryWords(r)))
	}
}

func fileSize(f backup.ArchiveFile) string {
	if !f.State.Seen() {
		return ""
	}
	return Bytes(f.Bytes)
}

func fileState(f backup.ArchiveFile) span {
	text := joinWith(": ", string(f.State), oneLine(f.Detail))
	switch {
	case f.State.Damaged(), f.State == backup.FileMissing && f.Need != backup.NeedOptional:
		return span{text, bad}
	case f.State == backup.FileTooLarge, f.State == backup.FileUnread, f.State == backup.FileUnlisted:
		return span{text, warn}
	case f.State == backup.FileListed:
		return faint("there, not read")
	}
	return say(text)
}

func repositoryStatus(r backup.Repository) backup.Status {
	switch {
	case r.Format == backup.Absent, r.HasData == backup.No:
		return backup.StatusProblem
	case r.Format == backup.Found && r.HasData == backup.Yes:
		return backup.StatusOK
	}
	return backup.StatusUnknown
}

func repositoryWords(r backup.Repository) string {
	switch {
	case r.Format == backup.Absent:
		return "it is not there"
	case r.HasData == backup.No:
		return "it holds no data"
	case r.Format == backup.Found && r.HasData == backup.Yes:
		return "it is there and holds data"
	}
	return joinWith(": ", "not known", oneLine(r.Error))
}

// operations lists what plugins did in the background.
func (p *page) operations(all []backup.ItemOperation, detail Detail) {
	if len(all) == 0 {
		return
	}
	p.section(fmt.Sprintf("Operations of plugins (%d):", len(all)))
	shown := all[:detail.most(10, len(all))]
	for _, o := range shown {
		item := joinWords(o.Item.GroupResource(), joinWith("/", o.Item.Namespace, o.Item.Name))
		text := joinComma(o.Plugin+" on "+item, joinWith(": ", operationState(o), oneLine(o.Error)), progressWord(o.Progress), oneLine(o.Note))
		symbol := mark(phaseStatus(o.Phase), "")
		if symbol.text == "" {
			symbol = underWay()
		}
		p.item(2, symbol, say(text))
		if detail == Whole {
			p.operation(o)
		}
	}
	p.more(len(all) - len(shown))
}

func operationState(o backup.ItemOperation) string {
	if o.Native != "" {
		return o.Native
	}
	return string(o.Phase)
}

func (p *page) operation(o backup.ItemOperation) {
	var f fields
	f.add("Operation", o.ID)
	f.add("Created", times(o.Created, p.style))
	f.add("Started", times(o.Started, p.style))
	f.add("Updated", times(o.Updated, p.style))
	for i, item := range o.Then {
		name := ""
		if i == 0 {
			name = "Taken again after it"
		}
		f.add(name, joinWords(item.GroupResource(), joinWith("/", item.Namespace, item.Name)))
	}
	p.fields(6, f)
}

// more says that a list was cut short, and how to see all of it.
func (p *page) more(n int) {
	if n > 0 {
		p.text(2, faint(fmt.Sprintf("\u2026 %d more; --all shows each", n)))
	}
}
