package bucketreader

// part is a map inside an object, made where it is missing.
func part(object map[string]any, name string) map[string]any {
	inner, ok := object[name].(map[string]any)
	if !ok {
		inner = map[string]any{}
		object[name] = inner
	}
	return inner
}

// text is a string at a path, or empty.
func text(object map[string]any, path ...string) string {
	for _, name := range path[:len(path)-1] {
		object, _ = object[name].(map[string]any)
	}
	value, _ := object[path[len(path)-1]].(string)
	return value
}

// texts is a map of strings at a path.
func texts(object map[string]any, path ...string) map[string]string {
	for _, name := range path {
		object, _ = object[name].(map[string]any)
	}
	out := make(map[string]string, len(object))
	for key, value := range object {
		out[key], _ = value.(string)
	}
	return out
}

func namespaceOf(object map[string]any) string { return text(object, "metadata", "namespace") }

// schemaOf describes an object by the fields that it has, two levels deep.
func schemaOf(object map[string]any) map[string]any {
	top := map[string]any{}
	for name, value := range object {
		inner := map[string]any{}
		fields, _ := value.(map[string]any)
		for field := range fields {
			inner[field] = map[string]any{}
		}
		top[name] = map[string]any{"properties": inner}
	}
	return map[string]any{"properties": top}
}
