package sdk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// With returns a set that knows the packages of further tables as well. They
// have the form that scripts/sdk/extract.py writes.
func (s *Set) With(texts ...[]byte) (*Set, error) {
	out := &Set{tables: slices.Clone(s.tables)}
	for _, text := range texts {
		head, _, ok := bytes.Cut(text, []byte(",\n\"aliases\": {\n"))
		t := &table{}
		if !ok {
			return nil, fmt.Errorf("a table without a head")
		}
		if err := json.Unmarshal(append(bytes.Clone(head), '}'), t); err != nil {
			return nil, err
		}
		t.file = t.Package + "-" + t.Version
		t.once.Do(func() { t.err = t.parse(text) })
		out.tables = append(out.tables, t)
	}
	out.index()
	return out, nil
}

// MarshalText implements encoding.TextMarshaler.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// MarshalText implements encoding.TextMarshaler.
func (k ParamKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }
