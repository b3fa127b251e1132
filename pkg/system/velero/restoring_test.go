package velero

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// tarred is the tarball of objects by their paths below resources/.
func tarred(t *testing.T, objects map[string]string) files {
	t.Helper()
	var entries []entry
	for _, path := range slices.Sorted(maps.Keys(objects)) {
		entries = append(entries, entry{"resources/" + path + ".json", objects[path]})
	}
	return files{"b.tar.gz": tarball(t, entries...)}
}

func everything(Item) bool { return true }

func TestWhatARestoreDependsOnIsReadFromTheTarball(t *testing.T) {
	t.Parallel()
	bucket := tarred(t, map[string]string{
		"persistentvolumeclaims/namespaces/shop/db":    `{"metadata":{"namespace":"shop","name":"db"},"spec":{"storageClassName":"fast","volumeName":"pv-1"}}`,
		"persistentvolumeclaims/namespaces/shop/old":   `{"metadata":{"namespace":"shop","name":"old","annotations":{"volume.beta.kubernetes.io/storage-class":"slow"}},"spec":{"volumeName":"pv-2"}}`,
		"persistentvolumes/cluster/pv-1":               `{"metadata":{"name":"pv-1"},"spec":{"csi":{"driver":"csi.example.com"},"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"topology.kubernetes.io/zone","values":["b","a","b"]},{"key":"kubernetes.io/arch","values":["x"]}]}]}}}}`,
		"persistentvolumes/cluster/pv-2":               `{"metadata":{"name":"pv-2","annotations":{"pv.kubernetes.io/provisioned-by":"example.com/nfs"}},"spec":{}}`,
		"services/namespaces/shop/web":                 `{"metadata":{"namespace":"shop","name":"web","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"spec\":{\"ports\":[{\"nodePort\":30080}]}}"}},"spec":{"clusterIP":"10.0.0.7","ports":[{"nodePort":30080},{"nodePort":31234},{}]}}`,
		"services/namespaces/shop/db":                  `{"metadata":{"namespace":"shop","name":"db"},"spec":{"clusterIP":"None"}}`,
		"services/v1-preferredversion/namespaces/x/db": `{"metadata":{"namespace":"x","name":"db"},"spec":{"clusterIP":"10.0.0.9"}}`,
		"configmaps/namespaces/shop/app":               `{"metadata":{"namespace":"shop","name":"app"},"data":{"url":"http://web.shop.svc:80/","other":"db.shop-2, nobody.shop, web.shop.example.com","ip":"10.0.0.7 10.0.0.8"}}`,
		"deployments.apps/namespaces/shop/api":         `{"metadata":{"namespace":"shop","name":"api"},"spec":{"template":{"spec":{"initContainers":[{"env":[{"name":"A","value":"user:s3cret@db.shop"}]}]}}}}`,
		"pods/namespaces/shop/api-1":                   `{"metadata":{"namespace":"shop","name":"api-1","ownerReferences":[{"controller":true}]},"spec":{"containers":[{"env":[{"name":"A","value":"db.shop"}]}]}}`,
		"cronjobs.batch/namespaces/shop/job":           `{"metadata":{"namespace":"shop","name":"job"},"spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"env":[{"name":"B","value":"web.shop"}]}]}}}}}}`,
	}).bucket(t)
	got, err := ReadRestoring(t.Context(), bucket, "b.tar.gz", Restoring{Selected: everything, Renamed: []string{"shop"}})
	if err != nil || got.Lookup != backup.Found || got.Cut {
		t.Fatalf("%+v, %v", got, err)
	}
	claims := fmt.Sprint(got.Claims)
	if want := "[{shop db fast csi.example.com [a b]} {shop old slow example.com/nfs []}]"; claims != want {
		t.Errorf("claims %s, want %s", claims, want)
	}
	services := fmt.Sprint(got.Services)
	if want := "[{shop db  [] []} {shop web 10.0.0.7 [30080 31234] [30080]}]"; services != want {
		t.Errorf("services %s, want %s", services, want)
	}
	var said []string
	for _, m := range got.Mentions {
		said = append(said, m.Resource+"/"+m.Name+" "+m.Field+" "+m.Says)
	}
	slices.Sort(said)
	want := []string{
		"configmaps/app key ip 10.0.0.7", "configmaps/app key url web.shop", "cronjobs.batch/job env B web.shop", "deployments.apps/api env A db.shop",
	}
	if !slices.Equal(said, want) {
		t.Errorf("mentions\n%s, want\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
	}
	if strings.Contains(fmt.Sprint(got), "s3cret") {
		t.Error("a value was kept")
	}
}

func TestOnlyWhatIsRestoredIsLookedAt(t *testing.T) {
	t.Parallel()
	bucket := tarred(t, map[string]string{
		"services/namespaces/shop/web":  `{"metadata":{"namespace":"shop","name":"web"},"spec":{"clusterIP":"10.0.0.7"}}`,
		"services/namespaces/other/web": `not looked at`,
	}).bucket(t)
	got, err := ReadRestoring(t.Context(), bucket, "b.tar.gz", Restoring{Selected: func(item Item) bool { return item.Namespace == "shop" }})
	if err != nil || len(got.Services) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestASettingThatIsTooLargeIsLeftOutAndSaidToBe(t *testing.T) {
	t.Parallel()
	bucket := tarred(t, map[string]string{
		"configmaps/namespaces/shop/big": `{"data":{"x":"` + strings.Repeat("a ", maxSetting) + `"}}`,
	}).bucket(t)
	got, err := ReadRestoring(t.Context(), bucket, "b.tar.gz", Restoring{Selected: everything})
	if err != nil || !got.Cut {
		t.Errorf("cut %t, %v", got.Cut, err)
	}
}

func TestATarballThatIsNoGoodIsDamage(t *testing.T) {
	t.Parallel()
	whole := tarred(t, map[string]string{"services/namespaces/shop/web": `{"spec":{}}`})["b.tar.gz"]
	for name, data := range map[string][]byte{
		"cut off":    whole[:len(whole)/2],
		"no archive": []byte("plain"),
		"no JSON":    tarred(t, map[string]string{"services/namespaces/shop/web": `{"spec":`})["b.tar.gz"],
		"no setting": tarred(t, map[string]string{"configmaps/namespaces/shop/web": `{"data":`})["b.tar.gz"],
		"no claim":   tarred(t, map[string]string{"persistentvolumeclaims/namespaces/shop/web": `[`})["b.tar.gz"],
	} {
		var damage *DamageError
		if _, err := ReadRestoring(t.Context(), files{"b.tar.gz": data}.bucket(t), "b.tar.gz", Restoring{Selected: everything}); !errors.As(err, &damage) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
