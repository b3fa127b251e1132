package collect

import "testing"

func TestAnOwnersLogLineMentionsOneObject(t *testing.T) {
	for line, want := range map[string]bool{
		`E1121 backup_controller.go:117] Backup: tidb-test/demo, sync failed`:                  true,
		`{"level":"error","namespace":"tidb-test","name":"demo","msg":"sync failed"}`:          true,
		`Backup: [tidb-test/demo] failed.`:                                                     true,
		`E1121 backup_controller.go:117] Backup: other/demo, sync failed`:                      false,
		`E1121 backup_controller.go:117] Backup: tidb-test/demo-2, sync failed`:                false,
		`create job tidb-test/clean-other failed, err: jobs.batch "clean-demo" already exists`: false,
	} {
		if got := mentions(line, "tidb-test", "demo"); got != want {
			t.Errorf("%v for %s", got, line)
		}
	}
	if !mentions(`node demo failed`, "", "demo") {
		t.Error("an object without a namespace is named by its name alone")
	}
}
