// Package diagnose judges collected evidence: what holds a backup, why it
// failed, and what helps. It is pure: no clients, no clock but Evidence.At.
//
// A check is a value (see [Checks]); it answers ok, problem, unknown or skipped
// for one code of the code table (see [Codes]), and nothing at all where the
// code does not concern the object. Unknown never counts as ok.
//
// [Diagnose] runs all checks and says in one sentence what they amount to.
package diagnose
