package collect

import (
	"reflect"
	"testing"
)

func TestReadFlags(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	readFlags(got, []string{"/velero", "server", "--features=EnableCSI,X", "--log-level", "debug", "--default-volumes-to-fs-backup", "--uploader-type=kopia"})
	want := map[string]string{"features": "EnableCSI,X", "log-level": "debug", "default-volumes-to-fs-backup": "true", "uploader-type": "kopia"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}
