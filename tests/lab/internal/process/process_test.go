package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func TestStopEndsOnlyTheRecordedProcess(t *testing.T) {
	record := startSleep(t)
	for name, other := range map[string]Record{
		"another start time": {PID: record.PID, Executable: record.Executable, StartTime: record.StartTime + 1},
		"another program":    {PID: record.PID, Executable: "/bin/true", StartTime: record.StartTime},
		"no process at all":  {},
	} {
		t.Run(name, func(t *testing.T) {
			if other.Alive() {
				t.Error("taken for a process of ours")
			}
			if err := other.Stop(t.Context(), time.Second); err != nil {
				t.Error(err)
			}
		})
	}
	if !record.Alive() {
		t.Fatal("the process was ended by a record that is not its own")
	}
	if err := record.Stop(t.Context(), 5*time.Second); err != nil {
		t.Fatal(err)
	}
	if record.Alive() {
		t.Error("the process still runs")
	}
}

func TestRuns(t *testing.T) {
	record := startSleep(t)
	same := Command{Executable: record.Executable, Args: []string{"60"}}
	if !record.Runs(same) {
		t.Error("its own command is not recognised")
	}
	same.Args = []string{"61"}
	if record.Runs(same) {
		t.Error("a command with other arguments is taken for its own")
	}
}

func startSleep(t *testing.T) Record {
	t.Helper()
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Fatal(err)
	}
	if sleep, err = filepath.EvalSymlinks(sleep); err != nil {
		t.Fatal(err)
	}
	record, err := Start(Command{Executable: sleep, Args: []string{"60"}, Log: filepath.Join(t.TempDir(), "log")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if process, err := os.FindProcess(record.PID); err == nil && record.Alive() {
			_ = process.Kill()
		}
	})
	return record
}
