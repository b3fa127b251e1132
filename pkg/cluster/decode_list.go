package cluster

import (
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// listDecoder reads a list token by token, so that each value is looked at once
// and what nobody asks for is skipped.
type listDecoder struct {
	*jsontext.Decoder
	each    func(map[string]any) error
	stopped error // the error of each, which is the caller's own
	meta    listMeta
	kind    string
	items   bool
	writers bool // keep of managedFields who wrote when
	words   words
}

func newListDecoder(r io.Reader, each func(map[string]any) error) *listDecoder {
	return &listDecoder{
		Decoder: jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
		each:    each, words: words{},
	}
}

func (d *listDecoder) list() error {
	return d.object(func(key string) error {
		switch key {
		case "kind":
			value, err := d.value()
			d.kind, _ = value.(string)
			return err
		case "metadata":
			value, err := d.value()
			metadata, _ := value.(map[string]any)
			d.meta = listMeta{ResourceVersion: text(metadata, "resourceVersion"), Continue: text(metadata, "continue")}
			return err
		case "items":
			d.items = true
			return d.array()
		}
		return d.SkipValue()
	})
}

// array reads the items; a list without items may be null.
func (d *listDecoder) array() error {
	if d.PeekKind() == 'n' {
		return d.SkipValue()
	}
	if start, err := d.ReadToken(); err != nil {
		return err
	} else if start.Kind() != '[' {
		return errNoList
	}
	for d.PeekKind() != ']' {
		item, err := d.item()
		if err != nil {
			return err
		}
		if d.stopped = d.each(item); d.stopped != nil {
			return d.stopped
		}
	}
	_, err := d.ReadToken()
	return err
}

// item reads one object without its managedFields. They are often more than half
// of it, and only who looks at one object asks who set what.
func (d *listDecoder) item() (map[string]any, error) {
	item := map[string]any{}
	err := d.object(func(key string) error {
		if key != "metadata" {
			return d.into(item, key)
		}
		metadata := map[string]any{}
		item[key] = metadata
		return d.object(func(key string) error {
			switch {
			case key != "managedFields":
				return d.into(metadata, key)
			case d.writers && d.PeekKind() == '[':
				return d.wrote(metadata, key)
			}
			return d.SkipValue()
		})
	})
	return item, err
}

// wrote reads managedFields without the fields.
func (d *listDecoder) wrote(metadata map[string]any, key string) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	entries := []any{}
	for d.PeekKind() != ']' {
		entry := map[string]any{}
		err := d.object(func(key string) error {
			if key == "fieldsV1" {
				return d.SkipValue()
			}
			return d.into(entry, key)
		})
		if err != nil {
			return err
		}
		entries = append(entries, entry)
	}
	metadata[key] = entries
	_, err := d.ReadToken()
	return err
}

// object walks through the fields of an object; each has to read its value.
func (d *listDecoder) object(each func(key string) error) error {
	if start, err := d.ReadToken(); err != nil {
		return err
	} else if start.Kind() != '{' {
		return errNoList
	}
	for d.PeekKind() == '"' {
		key, err := d.word()
		if err != nil {
			return err
		}
		if err := each(key); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// into reads a value into an object.
func (d *listDecoder) into(object map[string]any, key string) error {
	value, err := d.value()
	object[key] = value
	return err
}

// value reads a value of any kind. Whole numbers become int64.
func (d *listDecoder) value() (any, error) {
	switch d.PeekKind() {
	case '{':
		object := map[string]any{}
		return object, d.object(func(key string) error { return d.into(object, key) })
	case '[':
		return d.values()
	case '"':
		return d.word()
	}
	token, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case 't', 'f':
		return token.Bool(), nil
	case '0':
		return numeral(token.String())
	}
	return nil, nil
}

// word reads a string.
func (d *listDecoder) word() (string, error) {
	quoted, err := d.ReadValue()
	if err != nil {
		return "", err
	}
	return d.words.unquote(quoted)
}

func (d *listDecoder) values() ([]any, error) {
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	list := []any{}
	for d.PeekKind() != ']' {
		value, err := d.value()
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := d.ReadToken()
	return list, err
}

// numeral is an int64 where the number is whole and fits, as the decoder of
// single objects has it.
func numeral(digits string) (any, error) {
	if !strings.ContainsAny(digits, ".eE") {
		if whole, err := strconv.ParseInt(digits, 10, 64); err == nil {
			return whole, nil
		}
	}
	return strconv.ParseFloat(digits, 64)
}
