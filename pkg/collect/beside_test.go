package collect

import (
	"slices"
	"testing"
)

func TestBesideKeepsTheOrderAndLosesNothing(t *testing.T) {
	for _, n := range []int{0, 1, batchSize - 1, batchSize, batchSize + 1, 10 * batchSize} {
		var want, got []int
		put, done := beside(func(item map[string]any) { got = append(got, item["n"].(int)) })
		for i := range n {
			want = append(want, i)
			put(map[string]any{"n": i})
		}
		done()
		if !slices.Equal(got, want) {
			t.Errorf("of %d objects came %d in another order or number", n, len(got))
		}
	}
}
