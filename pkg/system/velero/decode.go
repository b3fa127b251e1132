package velero

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// eachOf decodes a compressed list one entry at a time. A null is the list of
// nothing: that is how Velero writes one (29 bytes compressed).
func eachOf[T any](ctx context.Context, bucket Bucket, key string, limit int64, each func(T)) error {
	return decodeFile(ctx, bucket, key, limit, func(decoder *json.Decoder) error {
		token, err := decoder.Token()
		if err != nil || token == nil {
			return err
		}
		if token != json.Delim('[') {
			return errNotList
		}
		for decoder.More() {
			var entry T
			if err := decoder.Decode(&entry); err != nil {
				return err
			}
			each(entry)
		}
		_, err = decoder.Token()
		return err
	})
}

// oneOf decodes a compressed file that is one value.
func oneOf[T any](ctx context.Context, bucket Bucket, key string, limit int64) (T, error) {
	var value T
	err := decodeFile(ctx, bucket, key, limit, func(decoder *json.Decoder) error { return decoder.Decode(&value) })
	return value, err
}

// decodeFile reads a compressed file to its end, so that one which is cut off
// behind its JSON is found, too.
func decodeFile(ctx context.Context, bucket Bucket, key string, limit int64, decode func(*json.Decoder) error) error {
	file, err := openGzip(ctx, bucket, key, limit)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	decoder := json.NewDecoder(file)
	if err := decode(decoder); err != nil {
		return damaged(key, err)
	}
	switch _, err := decoder.Token(); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return damaged(key, err)
	}
	return damaged(key, fmt.Errorf("its JSON: %w", errMore))
}
