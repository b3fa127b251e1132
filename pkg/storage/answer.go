package storage

// AnswerError is a successful answer that is not what was asked for: a login
// page, or a server that ignores what it does not know. Decoded leniently it
// would look like an empty listing.
type AnswerError struct{ Problem string }

// Error says what is wrong with the answer.
func (e *AnswerError) Error() string { return "no answer of object storage: " + e.Problem }
