package render

import "strings"

// field is one "Name:  value" line; value may have several tones.
type field struct {
	name  string
	value []span
}

// fields is a section of such lines with its values aligned.
type fields []field

// add appends a field unless its value is empty.
func (f *fields) add(name, value string) { f.addSpans(name, say(value)) }

// addSpans appends a field unless all its spans are empty.
func (f *fields) addSpans(name string, value ...span) {
	for _, s := range value {
		if s.text != "" {
			*f = append(*f, field{name, value})
			return
		}
	}
}

// fields writes the section at an indent, as kubectl describe does.
func (p *page) fields(indent int, all fields) {
	longest := 0
	for _, f := range all {
		longest = max(longest, widthOf(Escape(f.name)))
	}
	lead := strings.Repeat(" ", indent)
	hang := lead + strings.Repeat(" ", longest+3)
	for _, f := range all {
		name := Escape(f.name)
		if name != "" { // an empty name goes on with the field above
			name += ":"
		}
		p.put(lead+name+strings.Repeat(" ", longest+3-widthOf(name)), hang, f.value...)
	}
}
