package main

import (
	"fmt"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
)

const (
	home    = "https://github.com/kubectl-backup/kubectl-backup"
	nothing = "NOASSERTION" // build information says nothing of licences and authors
)

// release is one archive.
type release struct {
	archive, sha256, version string
	date                     time.Time
}

// document describes the archive and the modules in its program. All are
// statically linked: the archive contains them.
func (r release) document(info *debug.BuildInfo) *v2_3.Document {
	archive := &v2_3.Package{
		PackageName: r.archive, PackageSPDXIdentifier: "Archive", PackageVersion: r.version, PackageFileName: r.archive,
		PackageDownloadLocation: home + "/releases/download/" + r.version + "/" + r.archive,
		PackageChecksums:        []common.Checksum{{Algorithm: common.SHA256, Value: r.sha256}},
		PackageHomePage:         home, PackageLicenseConcluded: nothing, PackageLicenseDeclared: "Apache-2.0", PackageCopyrightText: nothing,
		PrimaryPackagePurpose: "ARCHIVE", PackageExternalReferences: []*v2_3.PackageExternalReference{purl(info.Main.Path, r.version)},
	}
	doc := &v2_3.Document{
		SPDXVersion: v2_3.Version, DataLicense: v2_3.DataLicense, SPDXIdentifier: "DOCUMENT",
		DocumentName: r.archive, DocumentNamespace: home + "/spdx/" + r.archive + "-" + r.sha256,
		CreationInfo: &v2_3.CreationInfo{
			Creators: []common.Creator{{CreatorType: "Tool", Creator: "kubectl-backup-hack-sbom"}}, Created: r.date.Format(time.RFC3339),
		},
		Packages:      []*v2_3.Package{archive},
		Relationships: []*v2_3.Relationship{relation("DOCUMENT", "DESCRIBES", archive.PackageSPDXIdentifier)},
	}
	add := func(path, version, comment string) {
		one := &v2_3.Package{
			PackageName: path, PackageSPDXIdentifier: identifier(path, version), PackageVersion: version,
			PackageDownloadLocation: nothing, PackageLicenseConcluded: nothing, PackageLicenseDeclared: nothing, PackageCopyrightText: nothing,
			PrimaryPackagePurpose: "LIBRARY", PackageComment: comment,
			PackageExternalReferences: []*v2_3.PackageExternalReference{purl(path, version)},
		}
		doc.Packages = append(doc.Packages, one)
		doc.Relationships = append(doc.Relationships, relation(archive.PackageSPDXIdentifier, "CONTAINS", one.PackageSPDXIdentifier))
	}
	add("stdlib", strings.TrimPrefix(info.GoVersion, "go"), "the Go standard library")
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		add(module.Path, module.Version, "go.sum: "+module.Sum)
	}
	return doc
}

func relation(from common.ElementID, kind string, to common.ElementID) *v2_3.Relationship {
	return &v2_3.Relationship{RefA: common.MakeDocElementID("", string(from)), Relationship: kind, RefB: common.MakeDocElementID("", string(to))}
}

// notAllowed are the characters that an SPDX identifier may not have.
var notAllowed = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

func identifier(path, version string) common.ElementID {
	return common.ElementID(notAllowed.ReplaceAllString(fmt.Sprintf("Go-%s-%s", path, version), "-"))
}

// purl is the package URL of a Go module, by which scanners know it.
func purl(path, version string) *v2_3.PackageExternalReference {
	return &v2_3.PackageExternalReference{
		Category: common.CategoryPackageManager, RefType: common.TypePackageManagerPURL,
		Locator: "pkg:golang/" + path + "@" + strings.ReplaceAll(version, "+", "%2B"),
	}
}
