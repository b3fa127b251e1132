package render

// Detail is how much of an object is shown.
type Detail int

// The three amounts. Detailed adds what storage and logs tell, on about one
// screen; Whole also names every single thing.
const (
	Brief Detail = iota
	Detailed
	Whole
)

// most is how many of a list are shown: all where the whole is wanted.
func (d Detail) most(few, all int) int {
	if d == Whole {
		return all
	}
	return min(few, all)
}
