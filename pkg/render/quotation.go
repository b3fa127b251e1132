package render

// quoteLength is how many runes of a quoted text are shown; the structured
// result has the whole text.
const quoteLength = 180

// quotations shows each quoted text once: the same error often stands in a
// condition, in an event and in several logs.
type quotations map[string]bool

// once is the text the first time, and a pointer back to it after that.
func (q quotations) once(text string) string {
	text = oneLine(text)
	if q[text] && len(text) > quoteLength/2 {
		return "the same as above"
	}
	q[text] = true
	return abridge(text)
}

// abridge leaves out the middle of a long text: its head says what was done,
// its tail why it failed.
func abridge(text string) string {
	runes := []rune(text)
	if len(runes) <= quoteLength {
		return text
	}
	head := quoteLength / 3
	return string(runes[:head]) + " \u2026 " + string(runes[len(runes)-(quoteLength-head):])
}
