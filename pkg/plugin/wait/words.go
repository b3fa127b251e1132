package wait

import "slices"

// Conditions are the words that --for takes.
func Conditions() []string { return slices.Clone(conditions) }
