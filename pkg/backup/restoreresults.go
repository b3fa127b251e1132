package backup

import (
	"cmp"
	"slices"
	"strings"
)

// RestoreResults are what the bucket and the server tell of a restore that ended
// with errors.
type RestoreResults struct {
	// Lookup is Found where the errors and the list of what was restored were read.
	Lookup Lookup `json:"lookup,omitempty"`
	Error  string `json:"error,omitempty"` // why not
	Place  string `json:"place,omitempty"`
	// Messages are its errors and warnings; untrusted and redacted.
	Messages []ArchiveMessage `json:"messages,omitempty"`
	// Restored is what it did, by kind; each name ends with what was done: "shop/web(created)".
	Restored []ArchivedKind `json:"restored,omitempty"`
	// Resources are the resources of these kinds: "serviceaccounts" of "v1/ServiceAccount".
	Resources map[string]string `json:"resources,omitempty"`
	// Order is that of the server now; nil where it is not known, for the reason OrderWhy.
	Order    *RestoreOrder `json:"order,omitempty"`
	OrderWhy string        `json:"orderWhy,omitempty"`
}

// RestoreOrder is the order in which a server of Velero restores resources.
type RestoreOrder struct {
	// First come before, Last after all others, which are restored by name.
	First []string `json:"first,omitempty"`
	Last  []string `json:"last,omitempty"`
	// Server is the Deployment, Image what it runs.
	Server Ref    `json:"server"`
	Image  string `json:"image,omitempty"`
	// Flag is the value of --restore-resource-priorities; empty is the default of the version.
	Flag string `json:"flag,omitempty"`
	// Container and Argument are where the flag is, or would be: the name of the list
	// below the container ("args", "command") and the index in it, below zero
	// where there is no flag. Apart tells that the value is an argument of its own.
	Container int    `json:"container"`
	List      string `json:"list,omitempty"`
	Argument  int    `json:"argument"`
	Apart     bool   `json:"apart,omitempty"`
}

// Compare tells which of two resources is restored first: below zero the first one.
func (o RestoreOrder) Compare(a, b string) int {
	part := func(resource string) (int, int) {
		if i := slices.Index(o.First, resource); i >= 0 {
			return 0, i
		}
		if i := slices.Index(o.Last, resource); i >= 0 {
			return 2, i
		}
		return 1, 0
	}
	partA, indexA := part(a)
	partB, indexB := part(b)
	return cmp.Or(cmp.Compare(partA, partB), cmp.Compare(indexA, indexB), cmp.Compare(a, b))
}

// Before is an order in which one resource comes before another, and all others
// where they were.
func (o RestoreOrder) Before(first, second string) RestoreOrder {
	if o.Compare(first, second) < 0 {
		return o
	}
	other := func(resource string) bool { return resource == first }
	o.First = slices.DeleteFunc(slices.Clone(o.First), other)
	o.Last = slices.DeleteFunc(slices.Clone(o.Last), other)
	at := slices.Index(o.First, second)
	if at < 0 {
		at = len(o.First)
	}
	o.First = slices.Insert(o.First, at, first)
	return o
}

// Value is the whole value of --restore-resource-priorities for the order.
func (o RestoreOrder) Value() string {
	words := slices.Clone(o.First)
	if len(o.Last) > 0 {
		words = append(append(words, "-"), o.Last...)
	}
	return strings.Join(words, ",")
}
