package tidb

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// metaHead is how much of backupmeta is read for its first fields. It is a message
// of protobuf with the fields in order; the version of the cluster is the second, and
// lists of files come after it (pingcap/kvproto proto/brpb.proto, BackupMeta).
const metaHead = 4 << 10

// ErrNoVersion says that backupmeta begins with no version, as where it is encrypted.
var ErrNoVersion = errors.New("backupmeta names no version of TiDB; it may be encrypted")

// Files is a place whose files can be read; a storage.Place is one.
type Files interface {
	Open(ctx context.Context, key string) (io.ReadCloser, error)
}

// ClusterVersion is the version of the TiDB cluster that a backup of BR is of, as
// "8.1.0", from the head of its backupmeta.
func ClusterVersion(ctx context.Context, place Files) (string, error) {
	file, err := place.Open(ctx, "backupmeta")
	if err != nil {
		return "", fmt.Errorf("open backupmeta: %w", err)
	}
	defer func() { _ = file.Close() }()
	head, err := io.ReadAll(io.LimitReader(file, metaHead))
	if err != nil {
		return "", fmt.Errorf("read backupmeta: %w", err)
	}
	version := strings.TrimSpace(textField(head, 2))
	version = strings.TrimPrefix(strings.Trim(version, `"`), "v")
	if version == "" || version[0] < '0' || version[0] > '9' {
		return "", ErrNoVersion
	}
	return version, nil
}

// The wire types of protobuf that come before the version.
const (
	wireVarint = 0
	wireBytes  = 2
)

// textField is a field of a message of protobuf, or empty.
func textField(message []byte, field uint64) string {
	for len(message) > 0 {
		tag, n := binary.Uvarint(message)
		if n <= 0 {
			return ""
		}
		value, m := binary.Uvarint(message[n:])
		if m <= 0 {
			return ""
		}
		message = message[n+m:]
		switch tag & 7 {
		case wireVarint:
		case wireBytes:
			if value > uint64(len(message)) {
				return ""
			}
			if tag>>3 == field {
				return string(message[:value])
			}
			message = message[value:]
		default:
			return ""
		}
	}
	return ""
}
