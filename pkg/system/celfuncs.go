package system

import (
	"net/url"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// functions is the CEL library of profiles, beside the standard library,
// optional types and the string extension:
//
//	OBJECT.cond(TYPE)          bool: condition TYPE has the status True
//	OBJECT.condStatus(TYPE)    string: its status, "" without such a condition
//	OBJECT.condReason(TYPE)    string
//	OBJECT.condMessage(TYPE)   string
//	OBJECT.condTime(TYPE)      string: lastTransitionTime
//	coalesce(LIST)             the first entry that is neither null, nor an empty string,
//	                           nor an optional without value; else null
//	text(VALUE)                string: the value, "" for null and an optional without value
//	trimSlash(STRING)          string without slashes at both ends
//	url(STRING)                {"scheme", "bucket", "path"} of an address of storage
//	envVar(LIST, NAME)         {"source", "secret", "key"} of a container's variable;
//	                           source is "", "value", "secret" or "other", the value is never given
//	nextRun(CRON, TIMESTAMP)   timestamp: the first run of a schedule after a time
//	neverRuns(CRON)            bool: no day of the coming years fits it
//	labelValue(STRING)         string: as Velero shortens a name that is too long for a label
//	minorVersion(STRING)       int: 18 of "v1.18.3", "1.18+" and "velero/velero:v1.18.3"; 0 of what is no 1.x
//
// OBJECT is an object with status.conditions, or a status with conditions.
type functions struct{}

// LibraryName names the library in errors.
func (functions) LibraryName() string { return "kubectl-backup.profile" }

// ProgramOptions adds none.
func (functions) ProgramOptions() []cel.ProgramOption { return nil }

// CompileOptions declares the functions.
func (functions) CompileOptions() []cel.EnvOption {
	text := func(name, field string) cel.EnvOption {
		return cel.Function(name, cel.MemberOverload("dyn_"+name+"_string", []*cel.Type{cel.DynType, cel.StringType}, cel.StringType,
			cel.BinaryBinding(func(object, name ref.Val) ref.Val {
				value, err := conditionField(object, string(name.(types.String)), field)
				if err != nil {
					return types.WrapErr(err)
				}
				return types.String(value)
			})))
	}
	return []cel.EnvOption{
		cel.Function("cond", cel.MemberOverload("dyn_cond_string", []*cel.Type{cel.DynType, cel.StringType}, cel.BoolType,
			cel.BinaryBinding(func(object, name ref.Val) ref.Val {
				status, err := conditionField(object, string(name.(types.String)), "status")
				if err != nil {
					return types.WrapErr(err)
				}
				return types.Bool(status == "True")
			}))),
		cel.Function("coalesce", cel.Overload("coalesce_list", []*cel.Type{cel.ListType(cel.DynType)}, cel.DynType, cel.UnaryBinding(coalesce))),
		cel.Function("text", cel.Overload("text_dyn", []*cel.Type{cel.DynType}, cel.StringType, cel.UnaryBinding(textOf))),
		text("condStatus", "status"),
		text("condReason", "reason"),
		text("condMessage", "message"),
		text("condTime", "lastTransitionTime"),
		cel.Function("trimSlash", cel.Overload("trim_slash_string", []*cel.Type{cel.StringType}, cel.StringType,
			cel.UnaryBinding(func(s ref.Val) ref.Val {
				return types.String(strings.Trim(string(s.(types.String)), "/"))
			}))),
		cel.Function("url", cel.Overload("url_string", []*cel.Type{cel.StringType}, cel.MapType(cel.StringType, cel.StringType),
			cel.UnaryBinding(func(s ref.Val) ref.Val {
				scheme, bucket, path := splitURL(string(s.(types.String)))
				return stringMap(map[string]string{"scheme": scheme, "bucket": bucket, "path": path})
			}))),
		cel.Function("envVar", cel.Overload("env_var_dyn_string", []*cel.Type{cel.DynType, cel.StringType}, cel.MapType(cel.StringType, cel.StringType),
			cel.BinaryBinding(envVar))),
		cel.Function("nextRun", cel.Overload("next_run_string_timestamp", []*cel.Type{cel.StringType, cel.TimestampType}, cel.TimestampType,
			cel.BinaryBinding(nextRun))),
		cel.Function("neverRuns", cel.Overload("never_runs_string", []*cel.Type{cel.StringType}, cel.BoolType,
			cel.UnaryBinding(neverRuns))),
		cel.Function("labelValue", cel.Overload("label_value_string", []*cel.Type{cel.StringType}, cel.StringType,
			cel.UnaryBinding(labelValue))),
		cel.Function("minorVersion", cel.Overload("minor_version_string", []*cel.Type{cel.StringType}, cel.IntType,
			cel.UnaryBinding(func(s ref.Val) ref.Val { return types.Int(MinorVersion(string(s.(types.String)))) }))),
	}
}

func coalesce(list ref.Val) ref.Val {
	for it := list.(traits.Lister).Iterator(); it.HasNext() == types.True; {
		if value := unwrap(it.Next()); value != types.NullValue && value != types.String("") {
			return value
		}
	}
	return types.NullValue
}

func textOf(value ref.Val) ref.Val {
	switch v := unwrap(value).(type) {
	case types.String:
		return v
	case types.Null:
		return types.String("")
	default:
		return types.NewErr("a %s is no string", v.Type().TypeName())
	}
}

func stringMap(m map[string]string) ref.Val { return types.DefaultTypeAdapter.NativeToValue(m) }

// splitURL splits an address of storage; what has no scheme starts with the bucket.
func splitURL(text string) (scheme, bucket, path string) {
	if u, err := url.Parse(text); err == nil && u.Scheme != "" && strings.Contains(text, "://") {
		return u.Scheme, u.Host, strings.Trim(u.Path, "/")
	}
	bucket, path, _ = strings.Cut(strings.Trim(text, "/"), "/")
	return "", bucket, strings.Trim(path, "/")
}

// envVar says where a variable of a list of EnvVar comes from.
func envVar(list, name ref.Val) ref.Val {
	found := map[string]string{"source": "", "secret": "", "key": ""}
	entries, ok := unwrap(list).(traits.Lister)
	if unwrap(list) == types.NullValue {
		return stringMap(found)
	}
	if !ok {
		return types.NewErr("the environment is no list")
	}
	for it := entries.Iterator(); it.HasNext() == types.True; {
		entry := it.Next()
		if member(entry, "name") != name {
			continue
		}
		found = map[string]string{"source": "value", "secret": "", "key": ""}
		from := member(entry, "valueFrom")
		if from == nil {
			continue
		}
		found["source"] = "other"
		secret := member(from, "secretKeyRef")
		secretName, named := member(secret, "name").(types.String)
		key, keyed := member(secret, "key").(types.String)
		if named && keyed {
			found = map[string]string{"source": "secret", "secret": string(secretName), "key": string(key)}
		}
	}
	return stringMap(found)
}
