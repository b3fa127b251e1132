// Package system knows what a backup system is: a profile in YAML with CEL
// expressions that says how its kinds are matched and how a raw object is read.
//
// [Load] reads the built-in profiles and those of the user, [Registry.Match]
// finds the kinds that a cluster serves, and a [Kind] turns raw objects into
// [backup.Object]: [Kind.Row] what a list needs, [Kind.View] everything. An
// expression that cannot be evaluated makes its field unknown and leaves an
// entry in Object.Unreadable; it never reads as false or empty.
//
// The schema of a profile is described in docs/profile.md.
package system
