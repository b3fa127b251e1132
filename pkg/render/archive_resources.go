package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// On one screen: so many kinds, and all of it within so many columns.
const (
	fewKinds   = 20
	allColumns = 80
)

// resources counts the objects by kind, the most frequent first; the whole names
// each of them.
func (p *page) resources(a *backup.Archive, detail Detail) {
	total := 0
	for _, kind := range a.Resources {
		total += len(kind.Names)
	}
	if total == 0 {
		if file := a.File(backup.FileResources); file != nil && file.State != backup.FileSound {
			p.section("Objects: the list of them is " + string(file.State))
		}
		return
	}
	p.section(fmt.Sprintf("Objects (%d of %s):", total, plural(int64(len(a.Resources)), "kind")))
	if detail == Whole {
		p.everyName(a.Resources)
		return
	}
	kinds := slices.Clone(a.Resources)
	slices.SortStableFunc(kinds, func(a, b backup.ArchivedKind) int { return cmp.Compare(len(b.Names), len(a.Names)) })
	shown := kinds[:min(fewKinds, len(kinds))]
	t := NewTable("KIND", "COUNT", "NAMES")
	used := 0
	for _, kind := range shown {
		used = max(used, widthOf(shortKind(kind.Kind))+widthOf(kindCount(kind.Names, a.Role)))
	}
	for _, kind := range shown {
		t.Add(shortKind(kind.Kind), kindCount(kind.Names, a.Role), fewNames(kind.Names, allColumns-used-len("  "+gap+gap+", …")))
	}
	p.table(2, t)
	if left := len(kinds) - len(shown); left > 0 {
		p.text(2, faint(fmt.Sprintf("\u2026 and %s; --all names each object", plural(int64(left), "kind"))))
	}
}

// everyName does not wrap, and its indent is written once: there may be hundreds of thousands.
func (p *page) everyName(kinds []backup.ArchivedKind) {
	room := 0
	for _, kind := range kinds {
		for _, name := range kind.Names {
			room += len("    \n") + len(name)
		}
	}
	p.buf.Grow(room)
	for _, kind := range kinds {
		p.text(2, span{kind.Kind, strong}, faint(fmt.Sprintf("  %d", len(kind.Names))))
		for _, name := range kind.Names {
			p.buf.WriteString("    ")
			p.buf.WriteString(Escape(name))
			p.buf.WriteByte('\n')
		}
	}
}

// shortKind is "Deployment.apps" of "apps/v1/Deployment".
func shortKind(kind string) string {
	parts := strings.Split(kind, "/")
	if len(parts) != 3 {
		return parts[len(parts)-1]
	}
	return parts[2] + "." + parts[0]
}

// kindCount is how many objects there are; of a restore also what was done with them.
func kindCount(names []string, role backup.Role) string {
	if role != backup.RoleRestore {
		return fmt.Sprint(len(names))
	}
	done := map[string]int{}
	for _, name := range names {
		_, action := cutAction(name)
		done[action]++
	}
	var parts []string
	for _, action := range []string{"created", "updated", "skipped", "failed"} {
		if n := done[action]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, action))
		}
	}
	if len(parts) == 0 {
		return fmt.Sprint(len(names))
	}
	return joinComma(parts...)
}

// cutAction takes what a restore did off a name: "shop/web(created)".
func cutAction(name string) (plain, action string) {
	if plain, action, ok := strings.Cut(strings.TrimSuffix(name, ")"), "("); ok {
		return plain, action
	}
	return name, ""
}

// fewNames are the first names, as many as fit, those of the same namespace without it.
func fewNames(names []string, columns int) string {
	var b strings.Builder
	last := ""
	for i, name := range names {
		name, _ = cutAction(name)
		namespace, short, namespaced := strings.Cut(name, "/")
		if namespaced && namespace == last {
			name = short
		}
		last = namespace
		if i > 0 && widthOf(b.String())+widthOf(name) > columns {
			return b.String() + ", \u2026"
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(name)
	}
	return b.String()
}
