package cluster

import (
	"context"
	"encoding/base64"
	"fmt"
)

// Secret reads the decoded data of a Secret. The answer is read as a stream,
// whose body the client does not log at any verbosity.
func (l *Live) Secret(ctx context.Context, namespace, name string) (map[string][]byte, error) {
	c := callFor("get", servedSecrets, namespace, name)
	answer, err := l.do(ctx, l.client.Get(), c, l.options.Timeout, true)
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	object, err := decodeObject(answer)
	if err != nil {
		return nil, c.Failed(err)
	}
	encoded, _ := object["data"].(map[string]any)
	data := make(map[string][]byte, len(encoded))
	for key, value := range encoded {
		text, _ := value.(string)
		// The decoder's own error would quote the value's position only, but a value
		// must not come near an error text at all.
		decoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, c.Failed(fmt.Errorf("the value of key %q is not base64", key))
		}
		data[key] = decoded
	}
	return data, nil
}
