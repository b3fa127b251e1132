package render

import (
	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// locations describes the places of an object, what was seen there and, with
// details, what lies there.
func (p *page) locations(e backup.Evidence, details bool) {
	if len(e.Object.Locations) == 0 {
		return
	}
	p.section("Locations:")
	for i, l := range e.Object.Locations {
		p.text(2, span{l.URL(), strong})
		f := locationFields(l, p.style)
		if i < len(e.Storage) {
			verdict := e.Storage[i]
			if filesKnown(e.Archive) {
				verdict.Sample = nil // each of them stands above
			}
			f = append(f, storageFields(verdict, details, p.style)...)
		}
		p.fields(4, f)
		if details && i < len(e.Contents) && !filesKnown(e.Archive) {
			p.contents(e.Contents[i])
		}
	}
}

// filesKnown tells whether the files of the place are listed by what they are.
func filesKnown(a *backup.Archive) bool {
	return a != nil && a.Seen() && len(a.Files) > 0
}

func locationFields(l backup.Location, s Style) fields {
	var f fields
	f.add("From", l.From)
	f.add("Endpoint", l.Endpoint)
	f.add("Region", l.Region)
	f.add("Layout", string(l.Layout))
	f.add("Recorded", l.Recorded)
	f.add("Credentials", l.Credentials.String())
	if l.Insecure {
		f.addSpans("TLS", span{"the certificate is not verified", warn})
	}
	if l.EditedAt != nil {
		edited := s.moment(*l.EditedAt)
		if l.EditedBy != "" {
			edited += " by " + l.EditedBy
		}
		f.add("Edited", edited)
	}
	return f
}

// storageFields are the verdict on one place and, with details, its evidence. A
// place at which nobody was asked to look is not mentioned.
func storageFields(v backup.StorageVerdict, details bool, s Style) fields {
	if v.Reason == backup.ReasonNotLooked && !details {
		return nil
	}
	var f fields
	f.addSpans("Storage", verdictMark(v), say(" "), verdictWord(v))
	f.add("Seen", vantageWords(v, s))
	if details {
		f = append(f, verdictCounts(v, s)...)
	}
	return f
}

// contents writes the sum of one place by groups, the largest first.
func (p *page) contents(c backup.Contents) {
	if !c.Complete && c.Total.Objects == 0 && c.Error == "" { // nothing was counted, and the verdict says why
		return
	}
	p.text(4, say("Contents: "+contentsWords(c)))
	t := NewTable("GROUP", "OBJECTS", "SIZE")
	for _, group := range c.Groups {
		t.Add(group.Name, number(group.Count), Bytes(group.Count.Bytes))
	}
	p.table(6, t)
}
