package system

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Kubernetes allows labels of 63 characters; Velero keeps the beginning of a
// longer name and puts the beginning of its hash behind it.
// Source: velero@v1.18.3 pkg/label/label.go GetValidName.
const (
	labelLength = 63
	hashLength  = 6
)

func labelValue(name ref.Val) ref.Val { return types.String(LabelValue(string(name.(types.String)))) }

// LabelValue is the value that Velero gives a label which names an object.
func LabelValue(name string) string {
	if len(name) <= labelLength {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return name[:labelLength-hashLength] + hex.EncodeToString(sum[:])[:hashLength]
}

func nextRun(expression, after ref.Val) ref.Val {
	c, err := parseCron(string(expression.(types.String)))
	if err != nil {
		return types.WrapErr(err)
	}
	next, ok := c.next(after.(types.Timestamp).Time)
	if !ok {
		return types.WrapErr(ErrNeverRuns)
	}
	return types.Timestamp{Time: next}
}

// neverRuns asks from any day on: the years that it looks ahead hold a leap year.
func neverRuns(expression ref.Val) ref.Val {
	c, err := parseCron(string(expression.(types.String)))
	if err != nil {
		return types.WrapErr(err)
	}
	_, runs := c.next(time.Unix(0, 0))
	return types.Bool(!runs)
}

var version = regexp.MustCompile(`^v?1\.([0-9]{1,3})(?:[.+-].*)?$`)

// MinorVersion is the minor version of a version 1, or of an image by its tag.
// Zero is one that says no such version, as "main" and an image by its digest.
func MinorVersion(text string) int64 {
	text, _, _ = strings.Cut(text, "@")
	found := version.FindStringSubmatch(text[strings.LastIndex(text, ":")+1:])
	if found == nil {
		return 0
	}
	minor, err := strconv.ParseInt(found[1], 10, 64)
	if err != nil {
		return 0
	}
	return minor
}
