// Package render turns the model into text for a person: tables, trees,
// details, diagnoses and plans.
//
// It only looks: it takes no decision and does no I/O but writing to the
// [io.Writer] it is given. Whatever comes from a cluster, a bucket or a log is
// untrusted and passes [Escape] on its way out, in one place of this package.
// Colour repeats what words and symbols say, so that nothing is lost without it.
package render
