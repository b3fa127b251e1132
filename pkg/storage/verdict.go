package storage

import (
	"errors"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Unseen is the verdict for a place that could not be opened: err is that of
// ParseCredentials or Open. Nothing was sent.
func Unseen(loc backup.Location, creds Credentials, opts Options, err error) backup.StorageVerdict {
	v := blank(loc, creds, opts.withDefaults())
	report(&v, newFault(err, creds))
	return v
}

// blank says where was looked, as whom and when, and nothing about what is there.
func blank(loc backup.Location, creds Credentials, opts Options) backup.StorageVerdict {
	loc.Endpoint = withoutLogin(loc.Endpoint)
	return backup.StorageVerdict{
		Class: backup.VerdictUnknown, Location: loc, Vantage: opts.Vantage, Identity: creds.Identity(), At: opts.Now(),
	}
}

// report writes a fault into the verdict.
func report(v *backup.StorageVerdict, fault *Fault) {
	v.Class, v.Reason, v.Detail, v.RightRegion = backup.VerdictUnknown, fault.Reason, fault.Text, fault.RightRegion
	if fault.BucketMissing {
		v.Class, v.Reason = backup.VerdictBucketMissing, ""
	}
}

// lookupOf is how a reading that failed ended.
func lookupOf(err error) backup.Lookup {
	var fault *Fault
	if errors.As(err, &fault) && fault.Reason == backup.ReasonDenied {
		return backup.Denied
	}
	return backup.Failed
}
