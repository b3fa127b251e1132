package cluster

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"sigs.k8s.io/json"
)

// listMeta is what a list says about itself.
type listMeta struct {
	ResourceVersion string `json:"resourceVersion"`
	Continue        string `json:"continue"`
}

// errNoList is an answer that is not a list, such as the page of a proxy.
var errNoList = errors.New("the answer is not a list of objects")

// decodeObject reads one object. Whole numbers become int64.
func decodeObject(r io.Reader) (map[string]any, error) {
	var object map[string]any
	if err := json.NewDecoderCaseSensitivePreserveInts(r).Decode(&object); err != nil {
		return nil, unended(err)
	}
	if object == nil {
		return nil, errors.New("the answer is not an object")
	}
	return object, nil
}

// decodeList reads a list item by item, with no more of their managedFields than
// who wrote when, and that only with writers, and holds one item at a time. It
// returns an error unless the whole list was there.
func decodeList(r io.Reader, writers bool, each func(map[string]any) error) (listMeta, error) {
	d := newListDecoder(r, each)
	d.writers = writers
	if err := d.list(); d.stopped != nil {
		return listMeta{}, d.stopped
	} else if err != nil {
		return listMeta{}, unended(err)
	}
	if !d.items || !strings.HasSuffix(d.kind, "List") {
		return listMeta{}, errNoList
	}
	return d.meta, nil
}

// unended makes an input that ends too early the error that it is; io.EOF would
// read as the regular end.
func unended(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("the answer was cut short: %w", io.ErrUnexpectedEOF)
	}
	return err
}
