package collect

import (
	"slices"
	"strings"
)

// watchVariables and watchFlags are how operators are told which namespaces to
// watch; an empty value means all of them.
// Source: operator-framework/operator-sdk docs (WATCH_NAMESPACE), and the flags
// that operators built on controller-runtime usually have.
var (
	watchVariables = []string{"WATCH_NAMESPACE", "WATCH_NAMESPACES", "NAMESPACES_TO_WATCH"}
	watchFlags     = []string{"watch-namespace", "watch-namespaces", "watched-namespaces", "namespaces"}
)

// watched reads to which namespaces a Deployment's environment or arguments
// limit it, and which of them says so.
func watched(raw map[string]any) (spaces []string, by string) {
	home := nested(raw, "metadata", "namespace")
	for _, c := range items(raw, "spec", "template", "spec", "containers") {
		for _, e := range items(c, "env") {
			name := nested(e, "name")
			if !slices.Contains(watchVariables, name) {
				continue
			}
			value := nested(e, "value")
			if nested(e, "valueFrom", "fieldRef", "fieldPath") == "metadata.namespace" {
				value = home
			}
			if value != "" {
				return split(value), "environment variable " + name
			}
		}
		arguments := append(texts(c, "command"), texts(c, "args")...)
		for i, argument := range arguments {
			if spaces, by := watchedBy(argument, append(arguments, "")[i+1], home); by != "" {
				return spaces, by
			}
		}
	}
	return nil, ""
}

// watchedBy reads one argument, whose value may be the next one.
func watchedBy(argument, next, home string) ([]string, string) {
	flag, value, joined := strings.Cut(argument, "=")
	name := strings.TrimLeft(flag, "-")
	if name == flag {
		return nil, ""
	}
	// Source: pingcap/tidb-operator@v1.6.1 cmd/controller-manager/main.go.
	if name == "cluster-scoped" && value == "false" {
		return []string{home}, "argument " + argument
	}
	if !slices.Contains(watchFlags, name) {
		return nil, ""
	}
	if !joined && !strings.HasPrefix(next, "-") {
		value = next
	}
	if value == "" {
		return nil, ""
	}
	return split(value), "argument " + flag
}

func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}
