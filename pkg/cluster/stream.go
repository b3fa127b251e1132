package cluster

import (
	"context"
	"fmt"
	"io"
	"time"

	"k8s.io/client-go/rest"
)

// retries is how often a call is made again when the server asks to come back
// later; more would only hide that it is overloaded.
const retries = 3

// do sends the request of a call and opens its answer, which is never held as a
// whole and never logged. The answer has to begin within the wait.
//
// With idle set, it must also not stand still for longer than the wait while
// it is read; how long the reader takes between its reads does not count.
func (l *Live) do(ctx context.Context, request *rest.Request, c Call, wait time.Duration, idle bool) (io.ReadCloser, error) {
	path, err := c.Path()
	if err != nil {
		return nil, c.Failed(err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	answer := &stream{cancel: cancel, wait: wait, ctx: ctx}
	answer.timer = time.AfterFunc(wait, func() { cancel(standstill(wait)) })
	body, err := request.AbsPath(path...).MaxRetries(retries).Stream(ctx)
	answer.timer.Stop()
	if err != nil {
		err = answer.why(err)
		cancel(nil)
		return nil, c.Failed(err)
	}
	answer.body = body
	if !idle {
		answer.wait = 0
	}
	return answer, nil
}

func standstill(wait time.Duration) error {
	return fmt.Errorf("no answer within %s: %w", wait, context.DeadlineExceeded)
}

// stream is an answer that ends its request when it is closed.
type stream struct {
	body   io.ReadCloser
	cancel context.CancelCauseFunc
	timer  *time.Timer
	wait   time.Duration   // zero waits for ever
	ctx    context.Context //nolint:containedctx // holds why the request was ended, as net/http does
}

func (s *stream) Read(p []byte) (int, error) {
	if s.wait > 0 {
		s.timer.Reset(s.wait)
		defer s.timer.Stop()
	}
	n, err := s.body.Read(p)
	if err != nil && err != io.EOF { //nolint:errorlint // io.Reader returns io.EOF itself
		err = s.why(err)
	}
	return n, err
}

func (s *stream) Close() error {
	s.timer.Stop()
	err := s.body.Close()
	s.cancel(nil)
	return err
}

// why is the reason that a request was ended, where we ended it.
func (s *stream) why(err error) error {
	if cause := context.Cause(s.ctx); cause != nil {
		return cause
	}
	return err
}
