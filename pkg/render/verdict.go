package render

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// verdictMark is the symbol of what was seen: ok where nothing would be lost, a
// warning for data or a missing bucket, unknown for all else.
func verdictMark(v backup.StorageVerdict) span {
	switch {
	case v.Class.Clear():
		return mark(backup.StatusOK, "")
	case v.Class.HoldsData(), v.Class == backup.VerdictHidden, v.Class == backup.VerdictBucketMissing:
		return mark(backup.StatusProblem, backup.SeverityWarning)
	}
	return mark(backup.StatusUnknown, "")
}

// verdictWord is the class of a verdict and what it means.
func verdictWord(v backup.StorageVerdict) span {
	color := verdictMark(v).tone
	switch v.Class {
	case backup.VerdictEmpty:
		if v.BucketEmpty == backup.Yes {
			return span{"Empty: the whole bucket holds nothing", color}
		}
		return span{"Empty: no object, no old version, no open upload", color}
	case backup.VerdictResidue:
		return span{"Residue: only locks, markers or unfinished uploads, no data", color}
	case backup.VerdictHidden:
		return span{"Hidden: no current object, but old versions are there or could not be listed", color}
	case backup.VerdictPartial:
		return span{"Partial: data without the mark of a finished backup", color}
	case backup.VerdictComplete:
		return span{"Complete: data with the mark of a finished backup", color}
	case backup.VerdictData:
		return span{"Data: objects of a layout that no profile knows", color}
	case backup.VerdictBucketMissing:
		return span{"BucketMissing: the server says that the bucket does not exist", color}
	}
	class := "Unknown"
	if v.Class != backup.VerdictUnknown { // a class of a newer version is no knowledge here
		class = joinWith(": ", class, string(v.Class))
	}
	text := joinWith(": ", class, string(v.Reason), oneLine(v.Detail))
	if v.RightRegion != "" {
		text += " (the server names region " + v.RightRegion + ")"
	}
	return span{text, color}
}

// vantageWords is from where, as whom, with how many requests and when a place was seen.
func vantageWords(v backup.StorageVerdict, s Style) string {
	if v.Reason == backup.ReasonNotLooked { // nobody saw anything
		return ""
	}
	identity := ""
	if v.Identity != "" {
		identity = "as " + v.Identity
	}
	requests, seen := "", ""
	if v.Requests > 0 {
		requests = plural(int64(v.Requests), "request")
	}
	if !v.At.IsZero() {
		seen = "seen " + s.Ago(v.At)
	}
	endpoint := ""
	if v.Location.Endpoint != "" {
		endpoint = "at " + v.Location.Endpoint
	}
	overridden := ""
	if len(v.Location.Overridden) > 0 {
		overridden = strings.Join(v.Location.Overridden, " and ") + " given by a flag"
	}
	return joinComma(endpoint, v.Vantage, identity, requests, seen, overridden)
}

// verdictCounts are the numbers behind a verdict, those that say something.
func verdictCounts(v backup.StorageVerdict, s Style) fields {
	var f fields
	for _, c := range []struct {
		name  string
		count backup.Count
		words func(backup.Count) string
	}{
		{"Objects", v.Current, countWords}, {"Old versions", v.OldVersions, countWords},
		{"Delete markers", v.DeleteMarkers, number}, {"Open uploads", v.OpenUploads, number},
	} {
		if c.count.Objects > 0 {
			f.add(c.name, c.words(c.count))
		}
	}
	if v.Versions == backup.Denied || v.Versions == backup.Failed {
		f.add("Old versions", "could not be listed ("+string(v.Versions)+")")
	}
	if v.Uploads == backup.Denied || v.Uploads == backup.Failed {
		f.add("Open uploads", "could not be listed ("+string(v.Uploads)+")")
	}
	if v.Newest != nil {
		f.add("Newest object", s.moment(*v.Newest))
	}
	if v.FreshLock != "" {
		f.add("Fresh lock", v.FreshLock+", so a writer may be running")
	}
	for i, object := range v.Sample {
		name := ""
		if i == 0 {
			name = "For example"
		}
		f.add(name, fmt.Sprintf("%s  %s  %s", object.Key, Bytes(object.Bytes), s.Ago(object.Modified)))
	}
	return f
}
