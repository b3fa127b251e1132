package render

// creation writes the manifest that a step sends, but for what its title says.
func (p *page) creation(indent int, object map[string]any) {
	metadata, _ := object["metadata"].(map[string]any)
	shown := map[string]any{}
	for name, value := range map[string]any{"labels": metadata["labels"], "annotations": metadata["annotations"], "spec": object["spec"]} {
		if tree, ok := value.(map[string]any); ok && len(tree) > 0 {
			shown[name] = tree
		}
	}
	if len(shown) > 0 {
		p.branch(indent, shown)
	}
}
