package cluster

import (
	"context"
	"errors"
	"strconv"

	"k8s.io/client-go/rest"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// List hands on each item while the answer arrives. Without a limit it is one
// request: pages would cost the server and the wait more than they save, as no
// page is held here.
func (l *Live) List(ctx context.Context, served backup.Served, namespace string, opts ListOptions, each func(item map[string]any) error) error {
	c := callFor("list", served, namespace, "")
	for next := ""; ; {
		meta, err := l.page(ctx, c, served, opts, next, each)
		if err != nil {
			return err
		}
		if next = meta.Continue; next != "" {
			continue
		}
		if opts.Version != nil {
			*opts.Version = meta.ResourceVersion
		}
		return nil
	}
}

func (l *Live) page(ctx context.Context, c Call, served backup.Served, opts ListOptions, next string, each func(map[string]any) error) (listMeta, error) {
	request := opts.narrow(l.client.Get())
	if opts.Metadata || isSecret(served) {
		request = request.SetHeader("Accept", acceptMetadataList)
	}
	if opts.Metadata {
		// A look through the metadata of every kind asks for deprecated ones too;
		// the person did not, so that the server's warning is not for them.
		request = request.WarningHandler(rest.NoWarnings{})
	}
	if opts.Limit > 0 {
		request = request.Param("limit", strconv.FormatInt(opts.Limit, 10))
	}
	if next != "" {
		request = request.Param("continue", next)
	}
	answer, err := l.do(ctx, request, c, l.options.ListTimeout, true)
	if err != nil {
		return listMeta{}, err
	}
	defer answer.Close()
	var stopped error
	meta, err := decodeList(answer, opts.Writers, func(item map[string]any) error {
		identify(item, served)
		stopped = each(item)
		return stopped
	})
	if err != nil && !errors.Is(err, stopped) {
		err = c.Failed(err)
	}
	return meta, err
}

// narrow adds the selectors to a request.
func (o ListOptions) narrow(request *rest.Request) *rest.Request {
	if o.LabelSelector != "" {
		request = request.Param("labelSelector", o.LabelSelector)
	}
	if o.FieldSelector != "" {
		request = request.Param("fieldSelector", o.FieldSelector)
	}
	return request
}
