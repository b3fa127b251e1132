// Package redact takes out what must not leave: passwords, keys, tokens,
// signatures and the values of Secrets. Journals, bundles, reports, logs and
// error texts pass through it.
//
// It works by pattern and so is the second line of defence; the first is not to
// read a secret, or not to keep it. What it takes out becomes [Mask]. Host
// names, bucket names, prefixes, request ids and names of Secrets stay, for
// without them an error says nothing. Redacting twice changes nothing.
package redact

// Mask stands for what was taken out.
const Mask = "***"
