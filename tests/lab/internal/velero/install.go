// Package velero says how the lab installs Velero: by the manifest of Velero's own command, made quicker for tests.
package velero

import (
	"encoding/json"
	"errors"
	"fmt"
)

const (
	image  = "velero/velero:v1.18.3"
	plugin = "velero/velero-plugin-for-aws:v1.14.3"
)

// Install is what an installation of Velero needs to know.
type Install struct {
	Namespace string
	Bucket    string
	// Prefix is the folder in the bucket.
	Prefix string
	// Credentials is a file with a profile of AWS.
	Credentials string
	// Service is the URL of the S3 server in the cluster, Public the one for people outside.
	Service, Public string
}

// InstallArgs are the arguments by which Velero prints the manifest of the installation.
func InstallArgs(i Install) []string {
	return []string{
		"install", "--dry-run", "-o", "json", "--namespace", i.Namespace, "--image", image,
		"--provider", "aws", "--plugins", plugin, "--bucket", i.Bucket, "--prefix", i.Prefix, "--secret-file", i.Credentials,
		"--backup-location-config", fmt.Sprintf("region=us-east-1,s3ForcePathStyle=true,s3Url=%s,publicUrl=%s", i.Service, i.Public),
		"--use-volume-snapshots=false", "--use-node-agent", "--features=EnableCSI",
		"--velero-pod-cpu-request=0", "--velero-pod-cpu-limit=0", "--velero-pod-mem-request=0", "--velero-pod-mem-limit=0",
	}
}

// quicker are the periods of the server that a test would otherwise wait for.
var quicker = [...]string{
	"--item-operation-sync-frequency=1s", "--store-validation-frequency=10s", "--backup-sync-period=15s", "--resource-timeout=1m",
}

// list is the form of several objects in one document.
type list struct {
	APIVersion string           `json:"apiVersion"`
	Kind       string           `json:"kind"`
	Items      []map[string]any `json:"items"`
}

// Prepare splits the manifest into the definitions, which come first, and the rest. The server gets short periods,
// and its location a checksum that every S3 server knows.
func Prepare(manifest []byte) (definitions, rest []byte, err error) {
	var all list
	if err := json.Unmarshal(manifest, &all); err != nil {
		return nil, nil, fmt.Errorf("read the manifest of Velero: %w", err)
	}
	first := list{APIVersion: all.APIVersion, Kind: all.Kind}
	second, found := first, 0
	for _, item := range all.Items {
		delete(item, "status")
		switch item["kind"] {
		case "CustomResourceDefinition":
			first.Items = append(first.Items, item)
			continue
		case "Deployment":
			found++
			err = hasten(item)
		case "BackupStorageLocation":
			found++
			err = plainChecksum(item)
		}
		if err != nil {
			return nil, nil, err
		}
		second.Items = append(second.Items, item)
	}
	if found != 2 {
		return nil, nil, errors.New("the manifest of Velero lacks its Deployment or its location")
	}
	if definitions, err = json.Marshal(first); err == nil {
		rest, err = json.Marshal(second)
	}
	return definitions, rest, err
}

func hasten(deployment map[string]any) error {
	containers, ok := at(deployment, "spec", "template", "spec", "containers").([]any)
	if !ok || len(containers) != 1 {
		return errors.New("the manifest of Velero has a Deployment of another form")
	}
	server, ok := containers[0].(map[string]any)
	if !ok {
		return errors.New("the manifest of Velero has a container of another form")
	}
	args, _ := server["args"].([]any)
	for _, arg := range quicker {
		args = append(args, arg)
	}
	server["args"] = args
	return nil
}

func plainChecksum(location map[string]any) error {
	config, ok := at(location, "spec", "config").(map[string]any)
	if !ok {
		return errors.New("the manifest of Velero has a location without a config")
	}
	config["checksumAlgorithm"] = ""
	return nil
}

func at(object map[string]any, path ...string) any {
	var value any = object
	for _, name := range path {
		inner, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = inner[name]
	}
	return value
}
