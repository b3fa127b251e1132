// Package completion is the `completion` verb, and what the arguments and flags
// of all verbs complete to. Completing is silent: what cannot be found out in
// time is not offered, and nothing is printed beside the candidates.
package completion
