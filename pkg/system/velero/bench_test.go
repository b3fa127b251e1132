package velero

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// large is a backup of 100,000 objects in 100 namespaces, with 1,000 volumes.
func large(b *testing.B) files {
	b.Helper()
	f := shop(b)
	resources := map[string][]string{}
	var volumes []any
	for i := range 100_000 {
		kind := []string{"v1/ConfigMap", "v1/Pod", "apps/v1/Deployment", "v1/Secret", "rbac.authorization.k8s.io/v1/RoleBinding"}[i%5]
		resources[kind] = append(resources[kind], fmt.Sprintf("namespace-%d/object-with-a-name-of-usual-length-%d", i%100, i))
	}
	for i := range 1000 {
		name := fmt.Sprintf("data-%d", i)
		resources[claimKind] = append(resources[claimKind], "shop/"+name)
		volume := shopVolumes()[0].(object)
		volume["pvcName"], volume["pvName"] = name, "pv-"+name
		info := volume["pvbInfo"].(object)
		info["podName"] = name
		volumes = append(volumes, volume)
	}
	f["backups/shop/shop-resource-list.json.gz"] = zipped(b, resources)
	f["backups/shop/shop-volumeinfo.json.gz"] = zipped(b, volumes)
	f["backups/shop/shop-podvolumebackups.json.gz"] = zipped(b, nil)
	f["backups/shop/shop-itemoperations.json.gz"] = zipped(b, nil)
	return f
}

func benchmarkRead(b *testing.B, f files, options Options) {
	b.Helper()
	bucket := f.bucket(b)
	b.ReportAllocs()
	for b.Loop() {
		archive := ReadBackup(b.Context(), bucket, Layout{}, "shop", options)
		if archive.VolumesRead != backup.Yes {
			b.Fatalf("%+v", archive.Files)
		}
	}
}

// The target is that of Velero's CLI for the same page: 0.36 s, and half of its 134 MiB.
func BenchmarkDescribe100000(b *testing.B) {
	benchmarkRead(b, large(b), Options{})
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.Sys)/(1<<20), "process-MiB")
}

// Verify reads the tarball, too: 100,000 objects of 1 KiB, each twice.
func BenchmarkVerify100000(b *testing.B) {
	f := large(b)
	var entries []entry
	body := object{"data": object{"text": strings.Repeat("some text of a configuration ", 32)}}
	for i := range 100_000 {
		entries = append(entries, inNamespace("configmaps", fmt.Sprintf("namespace-%d", i%100), fmt.Sprintf("object-%d", i), body)...)
	}
	f["backups/shop/shop.tar.gz"] = tarball(b, entries...)
	benchmarkRead(b, f, Options{Contents: ContentsAlways})
}
