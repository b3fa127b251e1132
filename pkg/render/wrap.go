package render

import (
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// narrowest is the room below which text is not wrapped any more.
const narrowest = 24

// widthOf is how many terminal columns a text takes. East Asian ambiguous
// characters count as one, whatever the environment says.
func widthOf(text string) int {
	return twwidth.WidthWithOptions(text, twwidth.Options{})
}

// KeepNoWidths drops the memory of tablewriter for 8192 widths, 0.6 MiB that it
// takes at start. Only the few rows that it draws would look there. A program
// calls it once, before it prints.
func KeepNoWidths() { twwidth.SetCacheCapacity(0) }

// wrap breaks spans at spaces into lines of at most width columns. A word that
// is longer, such as a path, stays whole. A width below narrowest breaks nothing.
func wrap(spans []span, width int) [][]span {
	if width < narrowest {
		return [][]span{spans}
	}
	var lines [][]span
	var line []span
	used := 0
	for _, word := range words(spans) {
		room := 0
		for _, piece := range word {
			room += widthOf(piece.text)
		}
		if used > 0 && used+1+room > width {
			lines, line, used = append(lines, line), nil, 0
		}
		switch {
		case used > 0:
			line, used = append(line, say(" ")), used+1
		case room == 0:
			continue
		}
		line, used = append(line, word...), used+room
	}
	return append(lines, line)
}

// words cuts spans at spaces; a word may hold pieces of several tones.
func words(spans []span) [][]span {
	all := [][]span{nil}
	for _, s := range spans {
		for i, part := range strings.Split(s.text, " ") {
			if i > 0 {
				all = append(all, nil)
			}
			if part != "" {
				all[len(all)-1] = append(all[len(all)-1], span{part, s.tone})
			}
		}
	}
	return all
}
