package system

import (
	"errors"
	"fmt"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// conditionField reads one field of the condition of a type. Without such a
// condition it is empty; conditions that are no list are an error.
func conditionField(object ref.Val, name, field string) (string, error) {
	conditions, err := conditionList(unwrap(object))
	if err != nil {
		return "", err
	}
	for _, item := range conditions {
		condition, ok := item.(map[string]any)
		if !ok {
			return "", errors.New("a condition is no object")
		}
		if condition["type"] != name {
			continue
		}
		switch value := condition[field].(type) {
		case nil:
			return "", nil
		case string:
			return value, nil
		default:
			return "", fmt.Errorf("%s of condition %s is no string", field, name)
		}
	}
	return "", nil
}

// conditionList finds the conditions of an object, or of a status itself.
func conditionList(object ref.Val) ([]any, error) {
	raw, ok := object.Value().(map[string]any)
	if !ok {
		_, other := object.(traits.Mapper) // made by an expression: it has no conditions
		if other || object == types.NullValue {
			return nil, nil
		}
		return nil, errors.New("conditions are asked of something that is no object")
	}
	if status := raw["status"]; status != nil {
		if raw, ok = status.(map[string]any); !ok {
			return nil, errors.New("the status is no object")
		}
	}
	conditions, ok := raw["conditions"].([]any)
	if !ok && raw["conditions"] != nil {
		return nil, errors.New("the conditions are no list")
	}
	return conditions, nil
}

// member reads a key of a map; nil where it is missing or null.
func member(object ref.Val, key string) ref.Val {
	mapper, ok := object.(traits.Mapper)
	if !ok {
		return nil
	}
	value, found := mapper.Find(types.String(key))
	if !found || value == types.NullValue {
		return nil
	}
	return value
}

// conditionsOf lists the conditions of an object for the model.
func (s *scope) conditionsOf(expr Expr) []backup.Condition {
	if expr == "" {
		expr = "self.?status.?conditions"
	}
	value, _ := s.value("conditions", expr)
	if value == nil {
		return nil
	}
	list, ok := value.(traits.Lister)
	if !ok {
		s.wrongType("conditions", value, "a list")
		return nil
	}
	var out []backup.Condition
	for it := list.Iterator(); it.HasNext() == types.True; {
		if c, ok := s.condition(it.Next()); ok {
			out = append(out, c)
		}
	}
	return out
}

func (s *scope) condition(entry ref.Val) (backup.Condition, bool) {
	text := func(key string) string {
		str, _ := member(entry, key).(types.String)
		return string(str)
	}
	c := backup.Condition{Type: text("type"), Status: text("status"), Reason: text("reason"), Message: text("message")}
	if c.Type == "" {
		s.unreadable = append(s.unreadable, "conditions: an entry has no type")
		return c, false
	}
	at, err := parseTime(text("lastTransitionTime"))
	if err != nil {
		s.lacks("conditions."+c.Type, err)
	}
	c.At = at
	return c, true
}
