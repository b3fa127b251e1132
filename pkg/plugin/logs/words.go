package logs

import "slices"

// Levels are the words that --level takes, the least grave first.
func Levels() []string { return slices.Clone(levels) }
