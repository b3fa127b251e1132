package system

// Unset are the fields of the spec that the object does not set and that its
// profile knows a meaning of, in words.
func (k *Kind) Unset(raw map[string]any) map[string]string {
	spec, _ := raw["spec"].(map[string]any)
	out := map[string]string{}
	for field, means := range k.reader.spec.Unset {
		if spec[field] == nil {
			out[field] = means
		}
	}
	return out
}
