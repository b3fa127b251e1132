package collect

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// manyNamespaces is how many namespaces are listed one by one; of more the whole
// cluster is listed.
const manyNamespaces = 8

// wanted are the objects of one kind that are to be restored, where they go: by
// "namespace/name", or the name of what has no namespace.
type wanted struct {
	served  backup.Served
	names   map[string]bool
	through []string // the namespaces into which they go
}

// kinds are those in the backup's list that are restored, and whether the server
// serves them.
func (r *restoreLook) kinds(archive *backup.Archive) *backup.RestoreKinds {
	out := &backup.RestoreKinds{Read: listRead(archive)}
	definitions := definitionNames(archive)
	restored := r.scope.item("customresourcedefinitions.apiextensions.k8s.io", "")
	for _, kind := range archive.Resources {
		served, has, versions := r.scope.kindOf(kind.Kind)
		if !r.scope.resource(served) {
			continue
		}
		entry := backup.RestoreKind{Kind: kind.Kind, Served: backup.AnswerOf(has), Versions: versions, Made: restored && defines(definitions, served)}
		for _, name := range kind.Names {
			namespace, _, namespaced := strings.Cut(name, "/")
			if !namespaced {
				namespace = ""
			}
			if r.scope.namespace(namespace) {
				entry.Count++
			}
		}
		if entry.Count > 0 {
			out.Kinds = append(out.Kinds, entry)
		}
	}
	return out
}

// listRead is how the reading of the backup's own list ended.
func listRead(archive *backup.Archive) backup.Read {
	file := archive.File(backup.FileResources)
	switch {
	case archive.Listing != backup.Found:
		return backup.Read{Lookup: backup.Failed, Error: archive.Error}
	case file != nil && file.State == backup.FileSound:
		return backup.Read{Lookup: backup.Found}
	case file == nil || file.State == backup.FileMissing:
		return backup.Read{Lookup: backup.Failed, Error: "the backup has no list of what it holds"}
	}
	return backup.Read{Lookup: backup.Failed, Error: cmp.Or(file.Detail, string(file.State))}
}

func definitionNames(archive *backup.Archive) []string {
	var out []string
	for _, kind := range archive.Resources {
		if strings.HasPrefix(kind.Kind, "apiextensions.k8s.io/") {
			out = append(out, kind.Names...)
		}
	}
	return out
}

// defines tells whether one of the definitions, "backups.velero.io", is that of a kind.
// Of a kind that is not served its plural is not known, but it begins like the kind.
func defines(definitions []string, of backup.Served) bool {
	kind := strings.ToLower(of.Kind)
	return slices.ContainsFunc(definitions, func(name string) bool {
		resource, group, _ := strings.Cut(name, ".")
		return group == of.Group && strings.HasPrefix(resource, kind[:max(0, len(kind)-1)])
	})
}

// existing looks whether what is to be restored is there already, and whether
// somebody changed it lately.
func (r *restoreLook) existing(ctx context.Context) {
	out := &backup.RestoreExisting{}
	r.look.Existing = out
	<-r.listed
	archive := r.look.Source.Archive
	if archive == nil {
		return
	}
	if out.Read = listRead(archive); out.Lookup != backup.Found {
		return
	}
	plan, spaces := r.planned(archive, out)
	there := r.targets(ctx, spaces, out)
	group := errgroup.Group{}
	group.SetLimit(listers)
	var mu sync.Mutex
	for _, kind := range plan {
		for _, namespace := range kind.places(there) {
			group.Go(func() error {
				found := r.exists(ctx, kind, namespace)
				mu.Lock()
				defer mu.Unlock()
				if found.Lookup != backup.Found {
					out.Read = found.Read
				}
				if found.Count > 0 || found.Lookup != backup.Found {
					out.Kinds = append(out.Kinds, found)
				}
				return nil
			})
		}
	}
	_ = group.Wait() // what failed is in its entry
	slices.SortFunc(out.Kinds, func(a, b backup.ExistingKind) int { return cmp.Compare(a.Resource, b.Resource) })
}

// planned are the objects to be restored by kind, and the namespaces into which they
// go by those of the backup. What every namespace has by itself is left out.
func (r *restoreLook) planned(archive *backup.Archive, out *backup.RestoreExisting) (plan []wanted, spaces map[string]string) {
	spaces = map[string]string{}
	for _, kind := range archive.Resources {
		served, has, _ := r.scope.kindOf(kind.Kind)
		if !r.scope.resource(served) {
			continue
		}
		w := wanted{served: served, names: map[string]bool{}}
		for _, full := range kind.Names {
			namespace, name, namespaced := strings.Cut(full, "/")
			if !namespaced {
				namespace, name = "", full
			}
			if !r.scope.namespace(namespace) {
				continue
			}
			out.Planned++
			if kind.Kind == "v1/Namespace" || byItself(served, name) {
				continue
			}
			to := r.scope.target(namespace)
			if namespaced {
				spaces[to] = namespace
				name = to + "/" + name
				w.through = appendOnce(w.through, to)
			}
			w.names[name] = true
		}
		if has && len(w.names) > 0 && slices.Contains(served.Verbs, "list") {
			plan = append(plan, w)
		}
	}
	return plan, spaces
}

// byItself tells of what Kubernetes makes in every namespace.
func byItself(served backup.Served, name string) bool {
	return served.Group == "" && (served.Resource == "configmaps" && name == "kube-root-ca.crt" || served.Resource == "serviceaccounts" && name == "default")
}

// targets looks at the namespaces into which something goes, and returns those that
// are there.
func (r *restoreLook) targets(ctx context.Context, spaces map[string]string, out *backup.RestoreExisting) []string {
	var there []string
	for to, from := range spaces {
		raw, err := r.Cluster.Get(ctx, namespaces, "", to)
		space := backup.RestoreNamespace{Name: to, From: from, Read: read(ctx, err), Deleted: instant(raw, "metadata", "deletionTimestamp")}
		if space.Lookup != backup.Absent { // one that may not be read may be there
			there = append(there, to)
		}
		out.Namespaces = append(out.Namespaces, space)
	}
	slices.SortFunc(out.Namespaces, func(a, b backup.RestoreNamespace) int { return cmp.Compare(a.Name, b.Name) })
	slices.Sort(there)
	return there
}

// places are the namespaces to list of a kind; "" is the whole cluster.
func (w wanted) places(there []string) []string {
	if len(w.through) == 0 {
		return []string{""}
	}
	var out []string
	for _, namespace := range w.through {
		if slices.Contains(there, namespace) {
			out = append(out, namespace)
		}
	}
	if len(out) > manyNamespaces {
		return []string{""}
	}
	return out
}

// exists lists one kind and keeps what is to be restored under the same name.
func (r *restoreLook) exists(ctx context.Context, kind wanted, namespace string) backup.ExistingKind {
	found := backup.ExistingKind{Resource: kind.served.Ref("", "").GroupResource()}
	since := r.Now().Add(-backup.RecentChange)
	found.Read = r.each(ctx, kind.served, namespace, cluster.ListOptions{Metadata: true, Writers: true}, func(item map[string]any) {
		ref := kind.served.Ref(nested(item, "metadata", "namespace"), nested(item, "metadata", "name"))
		name := ref.Name
		if ref.Namespace != "" {
			name = ref.Namespace + "/" + ref.Name
		}
		if !kind.names[name] {
			return
		}
		found.Count++
		found.Names = keep(found.Names, ref)
		if at, by := changed(item); at != nil && at.After(since) && !restless(kind.served) {
			found.Changed++
			if found.At == nil || at.After(*found.At) {
				found.At, found.By, found.Last = at, by, &ref
			}
		}
	})
	return found
}

// restless tells of kinds that controllers write all the time.
func restless(served backup.Served) bool {
	return slices.Contains([]string{"leases", "endpoints", "endpointslices"}, served.Resource)
}

// changed is when and by whom an object was last written, its status aside.
func changed(item map[string]any) (last *time.Time, by string) {
	for _, entry := range items(item, "metadata", "managedFields") {
		if t := instant(entry, "time"); t != nil && nested(entry, "subresource") == "" && (last == nil || t.After(*last)) {
			last, by = t, nested(entry, "manager")
		}
	}
	return last, by
}
