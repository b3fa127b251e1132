//go:build e2e

// Package e2e holds scripts of what a person types and sees. They run against
// the lab: a real API server with its controllers and a real S3 server.
package e2e

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kubectl-backup": runPlugin, "kubectl_complete-backup": runPlugin})
}

// runPlugin is the plugin as kubectl starts it, built with the test's coverage.
func runPlugin() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	streams := genericiooptions.IOStreams{In: os.Stdin, Out: os.Stdout, ErrOut: os.Stderr}
	code := plugin.RunAs(ctx, os.Args[0], os.Args[1:], streams)
	stop()
	os.Exit(code)
}

// TestScripts runs every script of this folder, each in a namespace of its own.
func TestScripts(t *testing.T) {
	lab, err := findLab()
	if err != nil {
		t.Fatal(err) // the lab is part of these tests; without it they fail
	}
	params := lab.params()
	params.Dir = "testdata"
	testscript.Run(t, params)
}

// params are the commands of a script, and what it finds when it begins.
func (l *lab) params() testscript.Params {
	return testscript.Params{
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup:               l.setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"apply":        l.apply,
			"eventually":   l.eventually,
			"s3":           l.s3,
			"exits":        exits(newCanaries(l)),
			"digest":       digest,
			"present":      l.present,
			"terminal":     l.terminal,
			"interrupt":    l.interrupt,
			"restores":     l.restores,
			"watch":        l.watch,
			"proxy":        proxy,
			"api":          l.api,
			"dist":         dist,
			"expand":       expand,
			"within":       l.within,
			"apply-global": l.applyGlobal,
			"secretless":   l.secretless,
			"webhook":      webhook,
			"many":         l.many,
			"velero":       l.velero,
			"ebackup":      l.ebackup,
			"beside":       beside,
		},
	}
}

// lab is what the tests know of it, all from the environment that `lab env` prints.
type lab struct {
	cluster                      *cluster
	kubeconfig, kubectl, state   string
	program, veleroProgram       string
	endpoint, service            string
	accessKey, secretKey         string
	limitedAccess, limitedSecret string
}

// findLab reads the environment. It takes no other kubeconfig than the lab's.
func findLab() (*lab, error) {
	l := &lab{}
	for name, field := range map[string]*string{
		"LAB_KUBECONFIG": &l.kubeconfig, "LAB_KUBECTL": &l.kubectl, "LAB_STATE": &l.state,
		"LAB_PROGRAM": &l.program, "LAB_VELERO": &l.veleroProgram,
		"LAB_S3_ENDPOINT": &l.endpoint, "LAB_S3_SERVICE": &l.service,
		"LAB_S3_ACCESS_KEY": &l.accessKey, "LAB_S3_SECRET_KEY": &l.secretKey,
		"LAB_S3_LIMITED_ACCESS_KEY": &l.limitedAccess, "LAB_S3_LIMITED_SECRET_KEY": &l.limitedSecret,
	} {
		if *field = os.Getenv(name); *field == "" {
			return nil, fmt.Errorf("%s is not set: run `make test`, which starts the lab, or `eval \"$(lab env)\"`", name)
		}
	}
	config, err := os.ReadFile(l.kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("the lab's kubeconfig: %w", err)
	}
	if !strings.Contains(string(config), "server: https://127.0.0.1:") {
		return nil, fmt.Errorf("%s names a server that is not on loopback; refusing it", filepath.Base(l.kubeconfig))
	}
	l.cluster, err = newCluster(l.kubeconfig)
	return l, err
}
