package compose

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
)

// Kind is how the text of a flag is read.
type Kind int

// The kinds of values. A Switch is set to true or false or left to the server's
// default. A Duration is hours, minutes and seconds, and days as in "30d". A File is
// the text of a YAML file, and Orders are lists in order for each kind of resource.
const (
	Text Kind = iota
	List
	Map
	Number
	Switch
	Duration
	Selector
	OrSelectors
	ConfigMap
	File
	Orders
	Mapping // old:new
	SecretKey
	Place // s3://BUCKET/PREFIX
)

// Word is how help calls the value.
func (k Kind) Word() string {
	return [...]string{"string", "strings", "key=value", "int", "bool", "duration", "selector", "selectors", "configmap", "file", "kind=names", "old:new", "SECRET=KEY", "URL"}[k]
}

// Repeats tells whether a flag given twice, or with commas, has several values.
func (k Kind) Repeats() bool { return k == List || k == Map || k == Mapping }

func (k Kind) parse(typed []string) (any, error) {
	last := ""
	if len(typed) > 0 {
		last = typed[len(typed)-1]
	}
	switch k {
	case List:
		return anyList(typed), nil
	case Map:
		return pairs(typed, "=")
	case Number:
		return strconv.ParseInt(last, 10, 64)
	case Switch:
		return strconv.ParseBool(last)
	case Duration:
		d, err := ParseDuration(last)
		return d.String(), err
	case File:
		return mapOf(last)
	case Orders:
		return orders(last)
	case Selector:
		return labelSelector(last)
	case OrSelectors:
		return orSelectors(last)
	case Mapping:
		return pairs(typed, ":")
	case Place:
		return parsePlace(last)
	case ConfigMap:
		return map[string]any{"kind": "configmap", "name": last}, nil
	case SecretKey:
		name, key, found := strings.Cut(last, "=")
		if !found || name == "" || key == "" {
			return nil, fmt.Errorf("%q is no SECRET=KEY", last)
		}
		return map[string]any{"name": name, "key": key}, nil
	}
	return last, nil
}

// ParseDuration reads a duration that may have days: "30d", "1d12h".
func ParseDuration(text string) (time.Duration, error) {
	days, rest, has := strings.Cut(text, "d")
	if !has {
		return time.ParseDuration(text)
	}
	n, err := strconv.ParseUint(days, 10, 16)
	if err != nil {
		return 0, fmt.Errorf("%q is no duration such as 30d, 36h or 90m", text)
	}
	d := time.Duration(n) * 24 * time.Hour
	if rest == "" {
		return d, nil
	}
	more, err := time.ParseDuration(rest)
	if err != nil || more < 0 {
		return 0, fmt.Errorf("%q is no duration such as 30d, 36h or 90m", text)
	}
	return d + more, nil
}

func anyList(texts []string) []any {
	out := make([]any, 0, len(texts))
	for _, text := range texts {
		out = append(out, text)
	}
	return out
}

func pairs(typed []string, between string) (map[string]any, error) {
	out := map[string]any{}
	for _, text := range typed {
		key, value, found := strings.Cut(text, between)
		if !found || key == "" || between == ":" && value == "" {
			return nil, fmt.Errorf("%q is no pair such as a%sb", text, between)
		}
		out[key] = value
	}
	return out, nil
}

// labelSelector reads a selector as kubectl takes it. What a selector of an object cannot
// say, such as greater-than, is an error.
func labelSelector(text string) (map[string]any, error) {
	parsed, err := labels.Parse(text)
	if err != nil {
		return nil, err
	}
	requirements, _ := parsed.Requirements()
	matchLabels, expressions := map[string]any{}, []any{}
	for _, r := range requirements {
		values := anyList(r.Values().List())
		switch r.Operator() {
		case selection.Equals, selection.DoubleEquals:
			matchLabels[r.Key()] = values[0]
		case selection.In:
			expressions = append(expressions, map[string]any{"key": r.Key(), "operator": "In", "values": values})
		case selection.NotIn, selection.NotEquals:
			expressions = append(expressions, map[string]any{"key": r.Key(), "operator": "NotIn", "values": values})
		case selection.Exists:
			expressions = append(expressions, map[string]any{"key": r.Key(), "operator": "Exists"})
		case selection.DoesNotExist:
			expressions = append(expressions, map[string]any{"key": r.Key(), "operator": "DoesNotExist"})
		default:
			return nil, fmt.Errorf("a selector of an object cannot say %s", r.String())
		}
	}
	out := map[string]any{}
	if len(matchLabels) > 0 {
		out["matchLabels"] = matchLabels
	}
	if len(expressions) > 0 {
		out["matchExpressions"] = expressions
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("the selector %q selects by nothing", text)
	}
	return out, nil
}

// orSelectors reads several selectors with " or " between them, as Velero's
// command does (velero@v1.18.3 pkg/util/flag/orlabelselector.go).
func orSelectors(text string) ([]any, error) {
	var out []any
	for _, one := range strings.Split(text, " or ") {
		parsed, err := labelSelector(one)
		if err != nil {
			return nil, err
		}
		out = append(out, parsed)
	}
	return out, nil
}

// orders reads the resources of each kind that come first, in their order:
// "pods=ns1/pod1,ns1/pod2;persistentvolumes=pv4" (velero@v1.18.3
// pkg/cmd/cli/backup/create.go ParseOrderedResources).
func orders(text string) (map[string]any, error) {
	out := map[string]any{}
	for entry := range strings.SplitSeq(text, ";") {
		kind, names, found := strings.Cut(entry, "=")
		kind, names = strings.TrimSpace(kind), strings.TrimSpace(names)
		if !found || kind == "" || names == "" || strings.Contains(names, "=") {
			return nil, fmt.Errorf("%q is no KIND=NAME,NAME", entry)
		}
		out[kind] = names
	}
	return out, nil
}
