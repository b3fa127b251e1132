package system

import (
	"fmt"
	"math"
	"reflect"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// lacks notes that a field could not be read; it is unknown then.
func (s *scope) lacks(field string, err error) {
	s.unreadable = append(s.unreadable, fmt.Sprintf("%s: %v", field, err))
}

// value evaluates the expression of a field. It is nil for no expression, for
// null, for an optional without value, and, with ok false, for an error.
func (s *scope) value(field string, expr Expr) (value ref.Val, ok bool) {
	if expr == "" {
		return nil, true
	}
	value, err := s.eval(expr)
	if err != nil {
		s.lacks(field, err)
		return nil, false
	}
	if value = unwrap(value); value == types.NullValue {
		return nil, true
	}
	return value, true
}

// wrongType notes that a value is not what the field needs.
func (s *scope) wrongType(field string, value ref.Val, want string) {
	s.lacks(field, fmt.Errorf("it is %s, not %s", value.Type().TypeName(), want))
}

// text reads a string field; absent and unreadable are empty, told apart by ok.
func (s *scope) text(field string, expr Expr) (text string, ok bool) {
	value, ok := s.value(field, expr)
	if value == nil {
		return "", ok
	}
	if str, isString := value.(types.String); isString {
		return string(str), true
	}
	s.wrongType(field, value, "a string")
	return "", false
}

// truth reads a bool; absent is false.
func (s *scope) truth(field string, expr Expr) (holds, ok bool) {
	value, ok := s.value(field, expr)
	if value == nil {
		return false, ok
	}
	if b, isBool := value.(types.Bool); isBool {
		return bool(b), true
	}
	s.wrongType(field, value, "a bool")
	return false, false
}

// holds reads the condition of a rule: no expression always holds.
func (s *scope) holds(field string, expr Expr) (holds, ok bool) {
	if expr == "" {
		return true, true
	}
	return s.truth(field, expr)
}

// number reads a whole number; nil is absent or unreadable.
func (s *scope) number(field string, expr Expr) *int64 {
	value, _ := s.value(field, expr)
	var n int64
	switch v := value.(type) {
	case nil:
		return nil
	case types.Int:
		n = int64(v)
	case types.Double:
		if math.IsNaN(float64(v)) || math.Abs(float64(v)) >= math.MaxInt64 {
			s.lacks(field, fmt.Errorf("it is out of range"))
			return nil
		}
		n = int64(v)
	case types.Uint:
		if v > math.MaxInt64 {
			s.lacks(field, fmt.Errorf("it is out of range"))
			return nil
		}
		n = int64(v)
	default:
		s.wrongType(field, value, "a number")
		return nil
	}
	return &n
}

// instant reads a time in RFC 3339; the empty string and the zero time are absent.
func (s *scope) instant(field string, expr Expr) *time.Time {
	value, _ := s.value(field, expr)
	switch v := value.(type) {
	case nil:
		return nil
	case types.Timestamp:
		return &v.Time
	case types.String:
		t, err := parseTime(string(v))
		if err != nil {
			s.lacks(field, err)
		}
		return t
	}
	s.wrongType(field, value, "a time")
	return nil
}

// length reads a duration in Go's form; the empty string is zero.
func (s *scope) length(field string, expr Expr) backup.Duration {
	str, _ := s.text(field, expr)
	d, err := duration(str)
	if err != nil {
		s.lacks(field, err)
	}
	return d
}

// parseTime reads RFC 3339; nil for the empty string and the zero time.
func parseTime(text string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || t.IsZero() {
		return nil, err
	}
	return &t, nil
}

// texts reads a list of strings.
func (s *scope) texts(field string, expr Expr) []string {
	value, _ := s.value(field, expr)
	if value == nil {
		return nil
	}
	if _, isList := value.(traits.Lister); isList {
		if native, err := value.ConvertToNative(reflect.TypeFor[[]string]()); err == nil {
			return native.([]string)
		}
	}
	s.wrongType(field, value, "a list of strings")
	return nil
}

// textMap reads a map from strings to strings.
func (s *scope) textMap(field string, expr Expr) map[string]string {
	value, _ := s.value(field, expr)
	if value == nil {
		return nil
	}
	if _, isMap := value.(traits.Mapper); isMap {
		if native, err := value.ConvertToNative(reflect.TypeFor[map[string]string]()); err == nil {
			return native.(map[string]string)
		}
	}
	s.wrongType(field, value, "a map of strings")
	return nil
}
