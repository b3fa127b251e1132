package systemtest

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Case is one recorded object and how it has to read.
type Case struct {
	Name string `yaml:"-"`
	// State is which of the required states the object is in.
	State string `yaml:"state"`
	// About says what the case is for.
	About    string `yaml:"about,omitempty"`
	Resource string `yaml:"resource"`
	// Logs are the lines of one pod of the works of a role, as collected.
	Logs map[backup.WorkRole][]string `yaml:"logs,omitempty"`
	// Related are the objects that the profile reads with it, Works those that may be its works.
	Related []map[string]any `yaml:"related,omitempty"`
	Works   []map[string]any `yaml:"works,omitempty"`
	Want    Reading          `yaml:"want"`
	Object  map[string]any   `yaml:"object"`
}

// Reading is what a case checks of the view of its object.
type Reading struct {
	Phase       backup.Phase          `yaml:"phase"`
	NativePhase string                `yaml:"nativePhase"`
	Terminal    bool                  `yaml:"terminal"`
	Mode        string                `yaml:"mode,omitempty"`
	Data        string                `yaml:"data,omitempty"`
	DataWhy     string                `yaml:"dataWhy,omitempty"`
	Size        *int64                `yaml:"size,omitempty"`
	Progress    string                `yaml:"progress,omitempty"` // "42/100 percent"
	Schedule    string                `yaml:"schedule,omitempty"`
	Cron        string                `yaml:"cron,omitempty"`
	LastChild   string                `yaml:"lastChild,omitempty"`
	Written     string                `yaml:"written"`
	WrittenFrom string                `yaml:"writtenFrom,omitempty"`
	Retention   string                `yaml:"retention"` // "Depends, now Keeps"
	Locations   []string              `yaml:"locations,omitempty"`
	Works       []string              `yaml:"works,omitempty"`      // "run backup-demo"
	Needs       []string              `yaml:"needs,omitempty"`      // "Secret ns/s3-secret [access_key secret_key]"
	Ways        map[string]wayAnswers `yaml:"ways,omitempty"`       // by finalizer
	Unreadable  []string              `yaml:"unreadable,omitempty"` // fields
	// Of objects that are works: what they copy, where, and what they say.
	Volume  string `yaml:"volume,omitempty"`
	Node    string `yaml:"node,omitempty"`
	Message string `yaml:"message,omitempty"`
	Pods    string `yaml:"pods,omitempty"` // label selector
}

type wayAnswers map[string]string

// read puts the view of an object, and what it is as the work of another one,
// into the form of a case.
func read(o backup.Object, as backup.Work) Reading {
	r := Reading{
		Phase: o.Phase, NativePhase: o.NativePhase, Terminal: o.Phase.Terminal(), Mode: o.Mode, Data: string(o.Data), Size: o.SizeBytes,
		Schedule: o.Schedule, Cron: o.Cron, LastChild: o.LastChild, Written: o.Written.Answer.String(), WrittenFrom: o.Written.Source,
		Retention: string(o.Retention.Policy), DataWhy: o.DataWhy,
		Volume: as.Volume, Node: as.Node, Message: as.Message, Pods: as.PodSelector,
	}
	if p := o.Progress; p != nil {
		r.Progress = fmt.Sprintf("%d/%d %s", p.Done, p.Total, p.Unit)
	}
	if o.Retention.Now != "" {
		r.Retention += ", now " + string(o.Retention.Now)
	}
	for _, l := range o.Locations {
		r.Locations = append(r.Locations, location(l))
	}
	for _, w := range o.Works {
		r.Works = append(r.Works, strings.TrimSpace(string(w.Role)+" "+w.Ref.Name+" "+string(w.Phase)))
	}
	for _, n := range o.Needs {
		r.Needs = append(r.Needs, strings.TrimSpace(n.Ref.Human()+" "+strings.Join(n.Keys, ",")))
	}
	for _, f := range o.Finalizers {
		if r.Ways == nil {
			r.Ways = map[string]wayAnswers{}
		}
		r.Ways[f.Name] = wayAnswers{}
		for _, w := range f.Ways {
			r.Ways[f.Name][w.Name] = w.Applies.String()
		}
	}
	for _, text := range o.Unreadable {
		field, _, _ := strings.Cut(text, ": ")
		r.Unreadable = append(r.Unreadable, field)
	}
	return r
}

// location is a place on one line: address, endpoint, recorded address, identity.
func location(l backup.Location) string {
	out := []string{l.URL()}
	if l.Provider == "" {
		out[0] = "unreadable"
	}
	if l.Endpoint != "" {
		out = append(out, "at "+l.Endpoint)
	}
	if l.Recorded != "" && l.Recorded != l.URL() {
		out = append(out, "recorded "+l.Recorded)
	}
	if l.Layout == backup.LayoutShared {
		out = append(out, "shared")
	}
	if text := l.Credentials.String(); text != "" {
		out = append(out, "with "+text)
	}
	return strings.Join(out, " ")
}

// load reads the cases of one profile; unknown fields are errors.
func load(dir fs.FS, profile string) ([]Case, error) {
	names, err := fs.Glob(dir, path.Join(profile, "*.yaml"))
	if err != nil {
		return nil, err
	}
	var out []Case
	for _, name := range names {
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		c := Case{Name: strings.TrimSuffix(path.Base(name), ".yaml")}
		decoder := yaml.NewDecoder(bytes.NewReader(data))
		decoder.KnownFields(true)
		if err := decoder.Decode(&c); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, c)
	}
	return out, nil
}
