package backup

// Done tells whether an object, its data included, will change no more by
// itself: its phase is final and nothing moves. Where a mover works that no
// profile knows, that is unknown.
func (o Object) Done() Answer {
	switch {
	case o.Phase == "" || o.Phase == PhaseUnknown:
		return Unknown
	case !o.Phase.Terminal():
		return No
	}
	switch o.Data {
	case DataMoving:
		return No
	case DataUnknown:
		return Unknown
	}
	return Yes
}

// Sound tells whether an object that is done ended well, its data included.
func (o Object) Sound() Answer {
	switch {
	case o.Phase == PhaseFailed || o.Phase == PhasePartiallyFailed || o.Phase == PhaseInvalid || o.Data == DataFailed:
		return No
	case o.Done() == Yes:
		return Yes
	}
	return Unknown
}
