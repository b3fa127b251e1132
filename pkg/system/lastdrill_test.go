package system

import (
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestTheLastDrillIsRead(t *testing.T) {
	noted := func(text string) map[string]any {
		return map[string]any{"metadata": map[string]any{"annotations": map[string]any{backup.LastDrillAnnotation: text}}}
	}
	got := lastDrill(noted(`{"at":"2026-11-21T08:00:00Z","took":"4m12s","namespaces":["shop"]}`))
	if got == nil || time.Duration(got.Took) != 4*time.Minute+12*time.Second || len(got.Namespaces) != 1 || got.At.Hour() != 8 {
		t.Errorf("%+v", got)
	}
	for _, text := range []string{"", "no JSON", "{}", `{"at":"yesterday"}`} {
		if got := lastDrill(noted(text)); got != nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
}
