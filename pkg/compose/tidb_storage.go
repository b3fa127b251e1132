package compose

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// tidbStorages are the sections of a spec of TiDB Operator that say where data lies,
// each with its name for a bucket. The operator takes the first that is set
// (pingcap/tidb-operator@v1.6.0 pkg/backup/util/util.go GetStorageType).
var tidbStorages = [][2]string{{"s3", "bucket"}, {"gcs", "bucket"}, {"azblob", "container"}, {"local", ""}}

// tidbStorageFields are those of the place below a path, such as "spec" or
// "spec.backupTemplate". Several places of one object have flags that begin with
// different words.
func tidbStorageFields(at, prefix string, role backup.Role) []Field {
	field := func(flag, path string, kind Kind, usage string) Field {
		return Field{Flag: prefix + flag, Path: at + path, Kind: kind, Usage: usage, Systems: []string{TiDB}, Roles: []backup.Role{role}}
	}
	return []Field{
		field("bucket", "", Place, "TiDB: where the data lies: s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or azblob://CONTAINER/PREFIX."),
		field("secret", ".*.secretName", Text, "TiDB: the Secret with the keys of the storage, in the namespace of the object."),
		field("endpoint", ".s3.endpoint", Text, "TiDB: the address of the storage, as https://s3.example.com; without one it is Amazon's."),
		field("region", ".s3.region", Text, "TiDB: the region of the bucket."),
		field("provider", ".s3.provider", Text, "TiDB: who speaks S3, such as aws, ceph or alibaba; aws if not set."),
		field("force-path-style", ".s3.forcePathStyle", Switch, "TiDB: whether the bucket goes into the path and not into the host name (TiDB Operator 1.6.2 on)."),
		field("sse", ".s3.sse", Text, "TiDB: how S3 encrypts the objects, as AES256."),
		field("project", ".gcs.projectId", Text, "TiDB: the project of Google's storage."),
		field("storage-account", ".azblob.storageAccount", Text, "TiDB: the account of Azure's storage, where the Secret names none."),
		field("access-tier", ".azblob.accessTier", Text, "TiDB: the access tier of the objects in Azure."),
		field("object-storage-class", ".*.storageClass", Text, "TiDB: the storage class of the objects, as STANDARD_IA."),
	}
}

// place is where data lies, as its URL tells.
type place struct{ section, bucket, prefix string }

// parsePlace reads s3://BUCKET/PREFIX, with the schemes of BR and of this program.
func parsePlace(text string) (place, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Port() != "" {
		return place{}, fmt.Errorf("%q is none of s3://BUCKET/PREFIX, gs://BUCKET/PREFIX and azblob://CONTAINER/PREFIX", withoutUser(text))
	}
	section := map[string]string{"s3": "s3", "gs": "gcs", "gcs": "gcs", "azblob": "azblob", "azure": "azblob"}[u.Scheme]
	if section == "" {
		return place{}, fmt.Errorf("the scheme %q is none of s3, gs and azblob", u.Scheme)
	}
	return place{section: section, bucket: u.Host, prefix: strings.Trim(u.Path, "/")}, nil
}

// withoutUser hides a user and password that do not belong into such a URL.
func withoutUser(text string) string {
	if scheme, rest, found := strings.Cut(text, "://"); found {
		if _, host, has := strings.Cut(rest, "@"); has {
			return scheme + "://…@" + host
		}
	}
	return text
}

// put says at a path where data lies; another kind of storage that was there goes.
func (p place) put(object map[string]any, at string) error {
	for _, storage := range tidbStorages {
		if storage[0] == p.section {
			continue
		}
		if spec, ok := Get(object, at).(map[string]any); ok {
			delete(spec, storage[0])
		}
	}
	path := at + "." + p.section
	if p.section == "s3" && Get(object, path+".provider") == nil {
		if err := Put(object, path+".provider", "aws"); err != nil {
			return err
		}
	}
	if err := Put(object, path+"."+bucketName(p.section), p.bucket); err != nil {
		return err
	}
	if p.prefix == "" {
		if section, ok := Get(object, path).(map[string]any); ok {
			delete(section, "prefix")
		}
		return nil
	}
	return Put(object, path+".prefix", p.prefix)
}

func bucketName(section string) string {
	i := slices.IndexFunc(tidbStorages, func(storage [2]string) bool { return storage[0] == section })
	return tidbStorages[i][1]
}

// storageOf is the section of a spec that says where data lies; empty where none does.
func storageOf(spec map[string]any) string {
	for _, storage := range tidbStorages {
		if spec[storage[0]] != nil {
			return storage[0]
		}
	}
	return ""
}
