// Package compose makes the manifests of new objects of backup systems from what
// a person asked for: flags, an object that is there, a file, single fields.
//
// It is pure. What a system can be asked for is data: a table of [Field]s for each
// system and role, from which the flags of `create`, their help, the values in
// the manifest and the comparison with the system's own command in the
// documentation are made. [Check] compares a manifest with the schema that this
// cluster serves, so that a field which the server would drop is an error.
package compose
