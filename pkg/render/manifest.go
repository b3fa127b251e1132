package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// manifest shows the object itself: labels, annotations, and the fields of spec and
// status by their own names. What stands above already is left to the whole.
func (p *page) manifest(e backup.Evidence, detail Detail) {
	object := e.Manifest
	if len(object) == 0 {
		return
	}
	spec, status := object["spec"], without(object["status"], "conditions")
	if detail != Whole {
		status = without(status, "phase", "startTimestamp", "completionTimestamp", "expiration", "progress")
		if e.Archive != nil && len(e.Archive.Hooks) > 0 {
			spec, status = without(spec, "hooks"), without(status, "hookStatus")
		}
	}
	metadata, _ := object["metadata"].(map[string]any)
	for _, part := range []struct {
		title string
		value any
	}{{"Labels:", metadata["labels"]}, {"Annotations:", metadata["annotations"]}, {"Spec:", spec}, {"Status:", status}} {
		if tree, ok := part.value.(map[string]any); ok && len(tree) > 0 {
			p.section(part.title)
			p.branch(2, tree)
			if part.title == "Spec:" {
				p.unset(e.Unset)
			}
		}
	}
}

// unset names the fields that the object leaves to the system, and what they mean then.
func (p *page) unset(fields map[string]string) {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		parts = append(parts, name+" ("+fields[name]+")")
	}
	if len(parts) > 0 {
		p.put("  ", "    ", faint("Not set: "+strings.Join(parts, ", ")))
	}
}

// without is a map without some of its keys.
func without(value any, keys ...string) any {
	tree, ok := value.(map[string]any)
	if !ok {
		return value
	}
	tree = maps.Clone(tree)
	for _, key := range keys {
		delete(tree, key)
	}
	return tree
}

// branch writes a map: its plain values aligned, and below each other value its own.
func (p *page) branch(indent int, tree map[string]any) {
	var leaves fields
	var deeper []string
	for _, key := range slices.Sorted(maps.Keys(tree)) {
		if text, ok := leaf(tree[key]); ok {
			leaves = append(leaves, field{key, []span{say(text)}})
			continue
		}
		deeper = append(deeper, key)
	}
	p.fields(indent, leaves)
	for _, key := range deeper {
		p.text(indent, say(key+":"))
		switch value := tree[key].(type) {
		case map[string]any:
			p.branch(indent+2, value)
		case []any:
			p.entries(indent+2, value)
		}
	}
}

// entries writes a list, each entry behind a dash.
func (p *page) entries(indent int, list []any) {
	for _, entry := range list {
		if text, ok := leaf(entry); ok {
			p.item(indent, say("-"), say(text))
			continue
		}
		below := newPage(p.style)
		switch value := entry.(type) {
		case map[string]any:
			below.branch(indent+2, value)
		case []any:
			below.entries(indent+2, value)
		}
		p.buf.WriteString(strings.Repeat(" ", indent) + "- " + strings.TrimLeft(below.buf.String(), " "))
	}
}

// leaf is a value on one line: a plain one, an empty one, or a list of plain ones.
func leaf(value any) (string, bool) {
	switch v := value.(type) {
	case nil:
		return "<none>", true
	case map[string]any:
		return "<none>", len(v) == 0
	case []any:
		parts := make([]string, len(v))
		for i, entry := range v {
			switch entry.(type) {
			case map[string]any, []any:
				return "", false
			}
			parts[i] = fmt.Sprint(entry)
		}
		if len(parts) == 0 {
			return "<none>", true
		}
		return strings.Join(parts, ", "), true
	case string:
		return oneLine(v), true
	}
	return fmt.Sprint(value), true
}
